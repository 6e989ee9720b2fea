"""What /metrics tells, for Prometheus.

Invariants: counting costs a call next to nothing; the library is loaded, and the
figures are put together, only when somebody asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fakes.kit.dispatch import Dispatcher
    from fakes.kit.worlds import Worlds

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """A collector, as prometheus_client knows them."""

    def __init__(self, dispatcher: Dispatcher, worlds: Worlds) -> None:
        self._dispatcher = dispatcher
        self._worlds = worlds

    def text(self) -> bytes:
        """Return the figures in the text format."""
        from prometheus_client import (  # noqa: PLC0415 - start fast
            CollectorRegistry,
            generate_latest,
        )

        registry = CollectorRegistry()
        registry.register(self)
        return generate_latest(registry)

    def collect(self) -> Iterator[Any]:
        """Yield the figures, each with its sentence."""
        from prometheus_client.core import (  # noqa: PLC0415 - start fast
            CounterMetricFamily,
            GaugeMetricFamily,
        )

        calls = CounterMetricFamily(
            "strikeplate_fakes_calls",
            "Calls of vendors' paths by the status that the caller saw.",
            labels=("vendor", "status"),
        )
        for (vendor, status), count in list(self._dispatcher.calls.items()):
            calls.add_metric((vendor, str(status or "dropped")), count)
        yield calls
        yield GaugeMetricFamily(
            "strikeplate_fakes_worlds", "Worlds alive.", len(self._worlds)
        )
