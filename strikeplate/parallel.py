"""Parallel runs: the scenarios of each target run in a process of their own.

Invariants: results do not depend on it. The processes are forked after collection and
before anything is started, so they share no clock, socket or database. Each process
sends its runs as they end; they are kept in the order of the targets. A process that
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

from strikeplate.scenario_run import RECORDER, SCENARIO_RUN

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from multiprocessing.connection import Connection

    from strikeplate.results import RunDetail, RunResult
    from strikeplate.scenario_run import RunRecorder

    Message = tuple[RunResult, RunDetail] | None  # None: all are told

OURS = ("strikeplate-console", "strikeplate-hooks")
"""The plugins that end a session; only the parent keeps them."""


@dataclass
class WorkerProcess:
    """One forked process, and the runs received from it so far."""

    pid: int
    receiver: Connection
    received: list[tuple[RunResult, RunDetail]]
    done: bool = False

    def receive(self) -> bool:
        """Receive its next message; False when no more will come."""
        try:
            received = cast("Message", self.receiver.recv())
        except EOFError:
            return False
        if received is None:
            self.done = True
        else:
            self.received.append(received)
        return not self.done


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Run the targets in parallel, if there are several."""
    parts = [list(part) for _, part in groupby(session.items, key=_target)]
    if len(parts) < 2 or session.config.getoption("collectonly"):
        return (yield)
    recorder = session.config.stash[RECORDER]
    workers: list[WorkerProcess] = []
    try:
        for part in parts:
            sender = _fork(workers)
            if sender:
                session.items[:] = part
                return (yield from _run_part(session.config, recorder, sender))
        session.items[:] = []
        _keep(recorder, workers)
        return (yield)
    finally:
        _end(workers)


class ExitAfterSession:
    """Exits a forked process at the end of its session."""

    def pytest_unconfigure(self) -> None:
        """Exit, so that nothing of the parent continues here."""
        os._exit(0)


def _target(item: pytest.Item) -> str:
    return item.stash[SCENARIO_RUN].blank.target


def _fork(workers: list[WorkerProcess]) -> Connection | None:
    """Return the sender in the new process; None in the parent."""
    receiver, sender = Pipe(duplex=False)
    pid = os.fork()
    if pid:
        sender.close()
        workers.append(WorkerProcess(pid, receiver, []))
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


def _keep(recorder: RunRecorder, workers: Sequence[WorkerProcess]) -> None:
    """Keep the runs of all processes, in the order of the targets."""
    open_ = {worker.receiver: worker for worker in workers}
    waiting = list(workers)
    while waiting:
        for receiver in wait(list(open_)):
            if not open_[cast("Connection", receiver)].receive():
                del open_[cast("Connection", receiver)]
        while waiting:
            for run, detail in waiting[0].received:
                recorder.keep(run, detail)
            waiting[0].received.clear()
            if waiting[0].receiver in open_:
                break
            waiting.pop(0)


def _end(workers: Sequence[WorkerProcess]) -> None:
    """Terminate the processes that are not done, and wait for all."""
    for worker in workers:
        if not worker.done:
            os.kill(worker.pid, signal.SIGTERM)
        os.waitpid(worker.pid, 0)
        worker.receiver.close()
