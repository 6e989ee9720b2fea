"""Abreast: the scenarios of each target are run in a process of their own.

Law: what comes of a run does not depend on it. The processes are forked once all is
collected and before anything is started, so none shares a clock, a socket or a
database with another. Each tells its runs as they end; they are kept in the order of
the targets, and a process that ends too early cuts the whole run short.
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

from strikeplate.bench import TRIAL
from strikeplate.plugin import DOCKET

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from multiprocessing.connection import Connection

    from strikeplate.docket import Docket
    from strikeplate.record import Run, Story

    Told = tuple[Run, Story] | None  # None: all are told

OURS = ("strikeplate-console", "strikeplate-bench")
"""The plugins that close a session; only the first process has one to close."""


@dataclass
class Crew:
    """One process, what it runs, and what it has told so far."""

    pid: int
    ear: Connection
    told: list[tuple[Run, Story]]
    done: bool = False

    def hear(self) -> bool:
        """Take what it tells next; False once there is nothing more to come."""
        try:
            told = cast("Told", self.ear.recv())
        except EOFError:
            return False
        if told is None:
            self.done = True
        else:
            self.told.append(told)
        return not self.done


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Run the targets abreast, where there is more than one."""
    parts = [list(part) for _, part in groupby(session.items, key=_target)]
    if len(parts) < 2 or session.config.getoption("collectonly"):
        return (yield)
    docket = session.config.stash[DOCKET]
    crews: list[Crew] = []
    try:
        for part in parts:
            mouth = _fork(crews)
            if mouth:
                session.items[:] = part
                return (yield from _play(session.config, docket, mouth))
        session.items[:] = []
        _keep(docket, crews)
        return (yield)
    finally:
        _end(crews)


class Leaver:
    """Ends a forked process where its session ends, whoever began it."""

    def pytest_unconfigure(self) -> None:
        """Leave, and let nothing of what began the session go on twice."""
        os._exit(0)


def _target(item: pytest.Item) -> str:
    return item.stash[TRIAL].blank.target


def _fork(crews: list[Crew]) -> Connection | None:
    """Return what a new process tells its runs by; None in the one that forked it."""
    ear, mouth = Pipe(duplex=False)
    pid = os.fork()
    if pid:
        mouth.close()
        crews.append(Crew(pid, ear, []))
        return None
    crews.clear()
    return mouth


def _play(
    config: pytest.Config, docket: Docket, mouth: Connection
) -> Generator[None, object, object]:
    """Run a part, telling each run as it ends."""
    docket.watchers[:] = [lambda run: mouth.send((run, docket.stories[run.key]))]
    config.pluginmanager.register(Leaver())
    try:
        found = yield
        mouth.send(None)
        return found
    finally:
        for name in OURS:
            config.pluginmanager.unregister(name=name)


def _keep(docket: Docket, crews: Sequence[Crew]) -> None:
    """Keep what all tell, one target after the other."""
    open_ = {crew.ear: crew for crew in crews}
    waiting = list(crews)
    while waiting:
        for ear in wait(list(open_)):
            if not open_[cast("Connection", ear)].hear():
                del open_[cast("Connection", ear)]
        while waiting:
            for run, story in waiting[0].told:
                docket.keep(run, story)
            waiting[0].told.clear()
            if waiting[0].ear in open_:
                break
            waiting.pop(0)


def _end(crews: Sequence[Crew]) -> None:
    """Ask those to end that have not, and see all of them end."""
    for crew in crews:
        if not crew.done:
            os.kill(crew.pid, signal.SIGTERM)
        os.waitpid(crew.pid, 0)
        crew.ear.close()
