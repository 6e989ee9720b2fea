"""The metrics of a run while it goes on, for Prometheus: `--metrics-port`.

Invariants: as fresh as the monitor's newest sample, about a second. Labels are words of
ours: no booking, code, key or address. `grafana.json` draws exactly these.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    start_http_server,
)

from loadtests.monitor import MEGABYTE
from loadtests.sending import DELIVERIES, NO_ANSWER, DeliveryResult
from strikeplate.verdict import Misuse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from loadtests.monitor import Sample

HOST = "127.0.0.1"
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """What was sampled and sent so far; `folder` is where the senders log."""

    def __init__(self, folder: Path) -> None:
        self.registry = CollectorRegistry()
        self._log, self._read = folder / DELIVERIES, 0
        self._attempts = self._counter("attempts", "Deliveries tried.", "outcome")
        self._calls = self._counter("vendor_calls", "Calls.", "vendor", "status")
        self._cpu = self._counter("cpu_seconds", "Processor time.", "process")
        self._mails = self._counter("messages", "Messages received.")
        self._work = self._gauge("work", "Jobs of the subject, due or in flight.")
        self._second = self._gauge("second", "Seconds since the run started.")
        self._memory = self._gauge("memory_bytes", "Memory.", "process")
        self._answers = Histogram(
            "strikeplate_load_answer_seconds",
            "From when an event was due until it was accepted.",
            buckets=BUCKETS,
            registry=self.registry,
        )
        self._last: dict[tuple[Counter, tuple[str, ...]], float] = {}

    def show(self, sample: Sample) -> None:
        """Take a sample over, and count what was sent since the one before."""
        self._second.set(sample.second)
        self._raise(self._mails, (), sample.mails)
        if sample.work is not None:
            self._work.set(sample.work)
        for process, megabytes in sample.memory.items():
            self._memory.labels(process).set(megabytes * MEGABYTE)
        for process, seconds in sample.cpu_seconds.items():
            self._raise(self._cpu, (process,), seconds)
        for call, number in sample.calls.items():
            self._raise(self._calls, tuple(call.split(" ")), number)
        for delivered in self._new():
            self._count(delivered)

    def _count(self, delivered: DeliveryResult) -> None:
        if delivered.accepted:
            self._answers.observe(max(delivered.seconds, 0.0))
        refused = "no answer" if delivered.status == NO_ANSWER else "refused"
        outcome = "accepted" if delivered.accepted else refused
        self._attempts.labels(outcome).inc()

    def _new(self) -> Iterator[DeliveryResult]:
        """Yield what was logged since the last look; a line half written waits."""
        if not self._log.exists():
            return
        with self._log.open("rb") as log:
            log.seek(self._read)
            for line in log:
                entry = json.loads(line) if line.endswith(b"\n") else None
                if not isinstance(entry, list):  # the last line says that it is over
                    return
                self._read += len(line)
                yield DeliveryResult(*entry)

    def _raise(self, counter: Counter, labels: tuple[str, ...], total: float) -> None:
        """Bring a counter to a total that was read elsewhere; it never falls."""
        last = self._last.get((counter, labels), 0.0)
        child = counter.labels(*labels) if labels else counter
        child.inc(max(total - last, 0.0))
        self._last[counter, labels] = max(total, last)

    def _counter(self, name: str, about: str, *labels: str) -> Counter:
        return Counter(
            f"strikeplate_load_{name}", about, labels, registry=self.registry
        )

    def _gauge(self, name: str, about: str, *labels: str) -> Gauge:
        return Gauge(f"strikeplate_load_{name}", about, labels, registry=self.registry)


@contextmanager
def served(metrics: Metrics, port: int | None) -> Iterator[str]:
    """Serve metrics at a port, 0 for any that is free; yield the address.

    None serves nothing and yields an empty text. A port in use raises Misuse.
    """
    if port is None:
        yield ""
        return
    try:
        server, thread = start_http_server(port, HOST, metrics.registry)
    except OSError as error:
        text = f"--metrics-port {port}: {error.strerror}; 0 takes one that is free"
        raise Misuse(text) from None
    try:
        yield f"http://{HOST}:{server.server_port}/metrics"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
