"""The recorder of reach: what the reference runs in each scenario.

The scenarios are shared out to processes. Each notes every function that is entered,
with the caches of the service and of the fakes emptied before each scenario.
"""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import pytest

from strikeplate.mutants import all_mutants, reach
from strikeplate.mutants.forks import run_jobs
from strikeplate.mutants.mutant_run import key_of
from strikeplate.scenario_run import RECORDER
from strikeplate.verdict import HarnessFault, Misuse, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence
    from types import CodeType, FrameType

    from strikeplate.mutants.reach import Reach
    from strikeplate.results import RunResult

    Functions = dict[str, frozenset[str]]
    """The functions that each scenario runs."""

SHARES = 2
CACHED = type(lru_cache(len))


def main() -> str:
    """Record what is not recorded, write it, and return a line about it."""
    known, current = reach.read(), set(reach.scenario_keys())
    if not _knows_all(known):
        known = replace(known, scenarios=())
    missing = current - set(known.scenarios)
    found = record(missing) if missing else {}
    kept = tuple(key for key in known.scenarios if key in current)
    reach.write(merged(known, kept, found))
    return f"tests/mutants/{reach.FILE.name}: {len(missing)} scenarios recorded anew"


def _knows_all(known: Reach) -> bool:
    """Say whether every function that a mutant replaces is known."""
    try:
        for mutant in all_mutants():
            known.by(mutant)
    except Misuse:
        return False
    return True


def merged(known: Reach, kept: tuple[str, ...], found: Functions) -> Reach:
    """Return what is recorded now, of the functions that exist now."""
    functions = {
        name: {key for key in known.functions.get(name, ()) if key in kept}
        for name in reach.names_read()
    }
    for key, names in found.items():
        for name in names & functions.keys():
            functions[name].add(key)
    sets = {name: frozenset(keys) for name, keys in functions.items()}
    return reach.Reach((*kept, *sorted(found)), sets, known.witnesses)


def record(missing: set[str]) -> Functions:
    """Run the reference, and return what its scenarios run."""
    found: Functions = {}
    faults: list[str] = []

    def keep(_job: object, share: object) -> None:
        if isinstance(share, Share):
            found.update(share.functions)
            faults.extend(share.faults)
        else:
            faults.append(f"the reference {share}")

    shares = [Recorder(str(n), frozenset(missing), n) for n in range(SHARES)]
    run_jobs(shares, keep)
    faults += [f"{len(lost)} were not run"] if (lost := missing - found.keys()) else []
    if faults:
        message = f"scenarios that do not pass cannot be recorded: {'; '.join(faults)}"
        raise HarnessFault(message)
    return found


class Share(NamedTuple):
    """What one process recorded, and its scenarios that did not pass."""

    functions: Functions
    faults: list[str]


@dataclass(eq=False)
class Recorder:
    """A job of `forks`: a share of the scenarios, and the functions that each runs."""

    name: str
    missing: frozenset[str]
    first: int
    _functions: Functions = field(default_factory=dict)
    _faults: list[str] = field(default_factory=list)
    _now: set[CodeType] = field(default_factory=set)
    _start: set[CodeType] = field(default_factory=set)

    def choose(self, items: Sequence[pytest.Item]) -> list[pytest.Item]:
        """Return its share of the scenarios that are missing."""
        mine = [item for item in items if key_of(item) in self.missing]
        items[0].config.stash[RECORDER].watchers.append(self._note_result)
        return mine[self.first :: SHARES]

    def found(self) -> Share:
        """Return the functions of each scenario."""
        return Share(self._functions, self._faults)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item
    ) -> Generator[None, object, object]:
        """Note what one scenario runs, beside what the start of its subject ran."""
        for clear in _caches():
            clear()
        self._now.clear()
        threading.settrace(self._note)
        sys.settrace(self._note)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            threading.settrace(None)
            ran = map(reach.unit, self._now | self._start)
            self._functions[key_of(item)] = frozenset(filter(None, ran))

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[object]
    ) -> Generator[None, object, object]:
        """Note apart what the start of a subject runs."""
        before = self._now
        if fixturedef.scope == "session":
            self._now = self._start
        try:
            return (yield)
        finally:
            self._now = before

    def _note_result(self, run: RunResult) -> None:
        if run.verdict is not Verdict.PASS:
            self._faults.append(f"{run.rule} {run.title}: {run.reason}")

    def _note(self, frame: FrameType, _event: str, _arg: object) -> None:
        self._now.add(frame.f_code)


def _caches() -> Iterator[Callable[[], None]]:
    """Yield what empties each cache of a module of ours."""
    for name, module in list(sys.modules.items()):
        if name.startswith(reach.SOURCES):
            for value in vars(module).values():
                if type(value) is CACHED:  # a proxy of Flask's answers nothing more
                    yield value.cache_clear
