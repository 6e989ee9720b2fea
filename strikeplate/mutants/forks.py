"""Forks: the jobs of one session, each in a process of its own, some at a time.

The scenarios are collected once, and everything is imported once. Each process is
forked after that and before anything is started: it runs the items that its job
chooses, sends what the job found, and exits. What it prints goes into a log of its own.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
import tempfile
from collections import deque
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import pytest

from strikeplate import run
from strikeplate.parallel import OURS, ExitAfterSession
from strikeplate.scenario_run import RECORDER
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from multiprocessing.connection import Connection

TARGETS = ("--subject=inprocess:service", "--vendor=fake")
"""The scenarios of the reference service and of the fakes, all in this process."""

ALONE = ("-p", "no:strikeplate.parallel")
"""No job is shared out further: what it finds would stay in other processes."""


class Job(Protocol):
    """What one process does; it is registered there as a plugin."""

    @property
    def name(self) -> str:
        """The name of its log."""

    def choose(self, items: Sequence[pytest.Item]) -> list[pytest.Item]:
        """Return the items to run, in their order."""

    def found(self) -> object:
        """Return what came of it, once all of them have run."""


def run_jobs(jobs: Sequence[Job], notify: Callable[[Job, object], None]) -> None:
    """Collect the scenarios once, and run each job on them, one per processor.

    `notify(job, found)` is called as each ends, with a text where it came to no end.
    HarnessFault if the scenarios cannot be collected.
    """
    importlib.import_module("strikeplate.subjects.inprocess")  # once, for all of them
    with tempfile.TemporaryDirectory() as name:
        forks = Forks(jobs, len(os.sched_getaffinity(0)), Path(name), notify)
        log = forks.log("session")
        options = [*TARGETS, *ALONE, f"--results={name}", "--capture=no"]
        with log.open("w", 1) as out, redirect_stdout(out), redirect_stderr(out):
            run.run(options, [forks])
        if not forks.collected:
            raise HarnessFault(f"nothing was judged: {log.read_text('utf-8').strip()}")


@dataclass(eq=False)
class Forks:
    """A plugin: it runs jobs instead of the session's own items."""

    jobs: Sequence[Job]
    processes: int
    folder: Path
    notify: Callable[[Job, object], None]
    collected: bool = False
    _running: dict[Connection, tuple[int, Job]] = field(default_factory=dict)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtestloop(
        self, session: pytest.Session
    ) -> Generator[None, object, object]:
        """Fork a process for each job, and wait for all."""
        self.collected = bool(session.items)
        gc.freeze()  # so that no process copies what all share
        waiting = deque(self.jobs)
        while self.collected and (waiting or self._running):
            if waiting and len(self._running) < self.processes:
                job = waiting.popleft()
                if sender := self._fork(job):
                    return (yield from self._work(session, job, sender))
            else:
                self._receive()
        session.items[:] = []
        return (yield)

    def _fork(self, job: Job) -> Connection | None:
        """Return the sender in the new process; None in the parent."""
        receiver, sender = Pipe(duplex=False)
        pid = os.fork()
        if pid == 0:
            return sender
        sender.close()
        self._running[receiver] = pid, job
        return None

    def _work(
        self, session: pytest.Session, job: Job, sender: Connection
    ) -> Generator[None, object, object]:
        """Do one job in this process."""
        sys.stdout = sys.stderr = self.log(job.name).open("w", 1, encoding="utf-8")
        plugins = session.config.pluginmanager
        plugins.register(ExitAfterSession())
        plugins.register(job)
        session.config.stash[RECORDER].watchers.clear()
        session.items[:] = job.choose(session.items)
        found = yield
        sender.send(job.found())
        for name in OURS:
            plugins.unregister(name=name)
        return found

    def _receive(self) -> None:
        """Tell what those sent that ended."""
        for ready in wait(list(self._running)):
            receiver = cast("Connection", ready)
            pid, job = self._running.pop(receiver)
            try:
                found = receiver.recv()
            except EOFError:
                found = f"could not be judged: {self._last_words(job)}"
            os.waitpid(pid, 0)
            receiver.close()
            self.notify(job, found)

    def _last_words(self, job: Job) -> str:
        log = self.log(job.name)
        lines = log.read_text("utf-8").split("\n") if log.exists() else []
        return " ".join(filter(None, lines[-4:])) or "its process ended"

    def log(self, name: str) -> Path:
        """Return the path of a log."""
        return self.folder / f"{name}.log"
