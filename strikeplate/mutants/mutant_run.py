"""The run of one mutant: which scenarios judge it, and what they say.

The scenarios of the rules that it states come first, then those of the other rules, or
a sample of them. A rule is broken when one of its scenarios fails or, under a MAY, is
not met; its other scenarios are not run. A scenario that could not be set up neither
breaks nor keeps its rule.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

import pytest

from strikeplate import bdd_guards
from strikeplate.collection import PROFILE_AREA
from strikeplate.mutants.reach import scenario_key
from strikeplate.scenario_run import RECORDER, SCENARIO_RUN
from strikeplate.subjects import Target
from strikeplate.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from strikeplate.mutants import Mutant
    from strikeplate.results import RunResult

BROKEN = (Verdict.FAIL, Verdict.WARN)
"""The verdicts of a broken rule: a MUST fails, a SHOULD warns."""


Judge = TypeVar("Judge")


class Found(NamedTuple):
    """What a run says: scenarios run, in reach, in all, and the rules.

    Each rule broken has the key of the scenario that broke it.
    """

    broken: dict[str, str]
    kept: frozenset[str]
    ran: int
    reached: int
    every: int


@dataclass(eq=False)
class MutantRun:
    """A job of `forks`: the run of one mutant."""

    mutant: Mutant
    reach: frozenset[str]
    """The keys of the scenarios that can reach its fault."""

    witnesses: frozenset[str] = frozenset()
    """The keys of the scenarios to begin with."""

    sample: int | None = None
    """So many scenarios of rules that it does not state; all if None."""

    seed: int = 7
    _verdicts: dict[str, set[Verdict]] = field(default_factory=dict)
    _broken: dict[str, str] = field(default_factory=dict)
    _counts: tuple[int, int] = (0, 0)
    _now: str = ""
    _ran: int = 0

    @property
    def name(self) -> str:
        """The mutant's name."""
        return self.mutant.name

    def choose(self, items: Sequence[pytest.Item]) -> list[pytest.Item]:
        """Return the scenarios that judge it, in their order, with it as target."""
        mine = [item for item in items if self._concerns(item)]
        reached = [item for item in mine if key_of(item) in self.reach]
        self._counts = len(reached), len(mine)
        reached.sort(key=lambda item: key_of(item) not in self.witnesses)
        chosen = in_order(self.mutant, reached, _rule, self.sample, self.seed)
        for item in chosen:
            self._prepare(item)
        return chosen

    def found(self) -> Found:
        """Return the rules that it broke, and those that it kept."""
        kept = {r for r, seen in self._verdicts.items() if seen == {Verdict.PASS}}
        kept -= self._broken.keys()
        return Found(self._broken, frozenset(kept), self._ran, *self._counts)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> bool | None:
        """Leave out a scenario whose rule is broken already."""
        self._now = key_of(item)
        return True if _rule(item) in self._broken else None

    def _concerns(self, item: pytest.Item) -> bool:
        blank = item.stash[SCENARIO_RUN].blank
        here = _target(item).role == self.mutant.on and blank.area != PROFILE_AREA
        return here and self.mutant.concerns(blank.rule)

    def _prepare(self, item: pytest.Item) -> None:
        """Let an item run against the mutant, and tell what comes of it."""
        recorder = item.config.stash[RECORDER]
        if self.note not in recorder.watchers:
            recorder.watchers.append(self.note)
        mutant = Target(self.mutant.on, f"mutant:{self.name}", _target(item).id)
        cast("pytest.Function", item).callspec.params["target"] = mutant

    def note(self, run: RunResult) -> None:
        """Note what one scenario said."""
        self._ran += 1
        unmet = run.verdict is Verdict.PASS and run.reason
        if run.verdict in BROKEN or unmet:
            self._broken.setdefault(run.rule, self._now)
        self._verdicts.setdefault(run.rule, set()).add(run.verdict)


def in_order(
    mutant: Mutant,
    judges: Sequence[Judge],
    rule: Callable[[Judge], str],
    sample: int | None,
    seed: int,
) -> list[Judge]:
    """Return the scenarios of rules that a mutant states, then others or a sample.

    Of a null whole rules are sampled, since one scenario may pass.
    """
    stated = [judge for judge in judges if rule(judge) in mutant.fails]
    others = [judge for judge in judges if rule(judge) not in mutant.fails]
    if sample is None:
        return stated + others
    chance = random.Random(f"{seed} {mutant.name}")  # noqa: S311 - no secret
    if not mutant.null:
        return stated + chance.sample(others, min(sample, len(others)))
    rules = sorted({rule(judge) for judge in others})
    chosen = chance.sample(rules, min(sample, len(rules)))
    return [judge for judge in others if rule(judge) in chosen]


def key_of(item: pytest.Item) -> str:
    """Return what the scenario of an item is known by; empty for any other item."""
    function = cast("pytest.Function", item)
    config = item.config.stash[RECORDER].run_config
    scenario = bdd_guards.template(function.function)
    if scenario is None:
        return ""
    place = bdd_guards.place(scenario, config.options.rules)
    rule, evidence = config.catalogue.by_scenario[place]
    row = bdd_guards.example(function)
    return scenario_key(_target(item).role, rule, evidence, row)


def _rule(item: pytest.Item) -> str:
    return item.stash[SCENARIO_RUN].blank.rule


def _target(item: pytest.Item) -> Target:
    return cast("Target", cast("pytest.Function", item).callspec.params["target"])
