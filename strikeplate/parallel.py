"""Parallel runs: the scenarios of each target run in processes of their own.

An external subject that is started anew for each scenario waits most of the time, so
its scenarios are dealt out to several processes (`--workers`), each with fakes and
subjects of its own. So are those of the reference over HTTP, to two processes. Any
other target has one.

Invariants: results do not depend on it. The processes are forked after collection and
before anything is started, so they share no clock, socket or database. Each process
sends its runs as they end; they are kept in the order of the plan. A process that
ends too early cuts the whole run short.
"""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from itertools import groupby
from multiprocessing import Pipe
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, cast

import pytest

from strikeplate.processes import POLL_SECONDS
from strikeplate.processes import wait as wait_seconds
from strikeplate.scenario_run import RECORDER, SCENARIO_RUN

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence
    from multiprocessing.connection import Connection

    from strikeplate.config import RunConfig
    from strikeplate.results import RunDetail, RunKey, RunResult
    from strikeplate.scenario_run import RunRecorder, ScenarioRun

    Message = tuple[RunResult, RunDetail] | None  # None: all are told

OURS = ("strikeplate-console", "strikeplate-hooks", "strikeplate.explore.judge")
"""The plugins that end a session; only the parent keeps them."""


STAGES = ((3.0, signal.SIGTERM), (20.0, signal.SIGKILL))
"""What an interrupted process gets that has not ended after so many seconds."""

FEWEST = 2
"""A process of its own is worth its start from so many scenarios on."""


@dataclass
class WorkerProcess:
    """One forked process, and what it sends."""

    pid: int
    receiver: Connection
    done: bool = False
    _ended: bool = False

    def ended(self) -> bool:
        """Say whether it has ended."""
        if not self._ended:
            self._ended = os.waitpid(self.pid, os.WNOHANG) != (0, 0)
        return self._ended

    def wait(self) -> None:
        """Return once it has ended."""
        if not self._ended:
            os.waitpid(self.pid, 0)

    def receive(self) -> Message:
        """Return the run that it sent; None when no more will come."""
        try:
            received = cast("Message", self.receiver.recv())
        except EOFError:
            return None
        self.done = received is None
        return received


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Run the targets in parallel, if there are several processes to run them in."""
    recorder = session.config.stash[RECORDER]
    parts = list(_parts(session.items, recorder.run_config))
    if len(parts) < 2 or session.config.getoption("collectonly"):
        return (yield)
    planned = [_run_of(item).blank.key for item in session.items]
    workers: list[WorkerProcess] = []
    try:
        for part in parts:
            sender = _fork(workers)
            if sender:
                session.items[:] = part
                return (yield from _run_part(session.config, recorder, sender))
        session.items[:] = []
        _keep(recorder, planned, workers)
        return (yield)
    finally:
        _end(workers)


class ExitAfterSession:
    """Exits a forked process at the end of its session."""

    def pytest_unconfigure(self) -> None:
        """Exit, so that nothing of the parent continues here."""
        os._exit(0)


def _parts(
    items: Sequence[pytest.Item], run_config: RunConfig
) -> Iterator[list[pytest.Item]]:
    """Yield what each process runs: the scenarios of a target, or a share of them."""
    for target, group in groupby(items, key=lambda item: _run_of(item).blank.target):
        part = list(group)
        applicable = sum(_run_of(item).lacks is None for item in part)
        most = max(1, applicable // FEWEST)
        shares = min(run_config.workers(target), most)
        yield from (part[first::shares] for first in range(shares))


def _run_of(item: pytest.Item) -> ScenarioRun:
    return item.stash[SCENARIO_RUN]


def _fork(workers: list[WorkerProcess]) -> Connection | None:
    """Return the sender in the new process; None in the parent."""
    receiver, sender = Pipe(duplex=False)
    pid = os.fork()
    if pid:
        sender.close()
        workers.append(WorkerProcess(pid, receiver))
        return None
    workers.clear()
    return sender


def _run_part(
    config: pytest.Config, recorder: RunRecorder, sender: Connection
) -> Generator[None, object, object]:
    """Run one part, and send each run as it ends."""
    recorder.watchers[:] = [lambda run: sender.send((run, recorder.details[run.key]))]
    config.pluginmanager.register(ExitAfterSession())
    try:
        found = yield
        sender.send(None)
        return found
    finally:
        for name in OURS:
            config.pluginmanager.unregister(name=name)


def _keep(
    recorder: RunRecorder, planned: Sequence[RunKey], workers: Sequence[WorkerProcess]
) -> None:
    """Keep the runs of all processes, in the order of the plan."""
    received: dict[RunKey, tuple[RunResult, RunDetail]] = {}
    waiting = list(planned)
    try:
        _receive(recorder, waiting, received, workers)
    finally:  # an interrupted run keeps what came out of turn
        for key in waiting:
            if key in received:
                recorder.keep(*received[key])


def _receive(
    recorder: RunRecorder,
    waiting: list[RunKey],
    received: dict[RunKey, tuple[RunResult, RunDetail]],
    workers: Sequence[WorkerProcess],
) -> None:
    """Receive runs until no process sends more, and keep each when it is its turn."""
    open_ = {worker.receiver: worker for worker in workers}
    while open_:
        for receiver in map(_connection, wait(list(open_))):
            message = open_[receiver].receive()
            if message is None:
                del open_[receiver]
            else:
                received[message[0].key] = message
                recorder.ended += 1
        while waiting and waiting[0] in received:
            recorder.keep(*received.pop(waiting.pop(0)))


def _connection(ready: object) -> Connection:
    return cast("Connection", ready)


def _end(workers: Sequence[WorkerProcess]) -> None:
    """End the processes that are not done, the harder the longer, and wait for all.

    Ctrl-C reaches them as well: a second interrupt at once would only disturb their
    end. What a killed one started is ended by its watchdog.
    """
    for seconds, sign in STAGES:
        busy = _busy_after(seconds, workers)
        for worker in busy:
            os.kill(worker.pid, sign)
    for worker in workers:
        worker.wait()
        worker.receiver.close()


def _busy_after(
    seconds: float, workers: Sequence[WorkerProcess]
) -> list[WorkerProcess]:
    """Return the processes that are neither done nor ended after so long."""
    for _ in range(round(seconds / POLL_SECONDS)):
        busy = [each for each in workers if not each.done and not each.ended()]
        if not busy:
            return []
        wait_seconds(POLL_SECONDS)
    return [each for each in workers if not each.done and not each.ended()]
