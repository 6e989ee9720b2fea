"""Courses of a booking, each played once for every single fault in it.

A course is played first without any fault; one that differs then is not varied. What
differs under a fault is graded by whom it harms, and shrunk as in exploration.

Invariants: each fault of the vendor is seen to meet its call, or it is said that it
did not; a code's time without a right ends when it was first seen to be gone.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from strikeplate.cause import IMPACT
from strikeplate.explore.variations import (
    courses,
    report_variations,
    spread,
    variations,
)
from strikeplate.verdict import NotApplicable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from strikeplate.explore.compare import Difference
    from strikeplate.explore.generate import Offer
    from strikeplate.explore.history import History
    from strikeplate.explore.play import Outcome
    from strikeplate.explore.session import Exploration, Found
    from strikeplate.explore.variations import Variation

HARMS = (*IMPACT,)
"""How somebody is harmed, the worst first."""

SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Harm:
    """What a single fault led to: who is harmed, and which rule is broken."""

    variation: Variation
    difference: Difference
    seconds: int = 0
    """For how long a code opened without a right to; 0 if none did."""

    @property
    def grade(self) -> str:
        """How it harms, in a few words."""
        name = self.difference.harm.partition(":")[0]
        return f"{name} for {self.seconds:,} s" if self.seconds else name


@dataclass
class SingleFaults:
    """What was swept so far, and what came of it."""

    exploration: Exploration
    played: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """How many variations were played, by vendor, course and fault."""

    harms: list[Harm] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    """Faults that met no call, and courses that could not be varied."""

    on_found: Callable[[Found], None] = lambda _: None
    """Called with each new difference, and its shortest history."""

    def play(self, seed: int, offer: Offer, budget: int | None = None) -> None:
        """Play the courses of a seed, and so many of their variations; None for all."""
        known = self.exploration.shared.vocabularies[offer.vendor].calls
        found: list[Variation] = []
        for course, history in courses(seed, offer):
            self._begin_anew(offer)
            green = self.exploration.outcome(history)
            if green is None:
                continue
            if green.differences or not green.calls:
                self._keep(history, green)
                why = "it differs" if green.differences else "it calls no vendor"
                self.missed.append(f"{offer.vendor}, {course}: {why} without any fault")
                continue
            met = green.calls, green.moments
            found += variations(course, history, *met, known)
            if offer.reports:
                found += report_variations(course, history)
        for each in spread(found, budget, seed):
            self._vary(each, offer)

    def _begin_anew(self, offer: Offer) -> None:
        """Start the subject again, if it runs: it may keep a token of a play before."""
        subject = self.exploration.shared.subject
        if offer.restarts and subject is not None:
            with suppress(NotApplicable):
                subject.restart()

    def _vary(self, variation: Variation, offer: Offer) -> None:
        """Play a variation, and keep what it led to, each harm once."""
        outcome = self.exploration.outcome(variation.history)
        if outcome is not None and not _struck(variation, outcome):
            self._begin_anew(offer)
            outcome = self.exploration.outcome(variation.history)
        if outcome is None:
            return
        if not _struck(variation, outcome):
            self.missed.append(f"{variation}: no such call was made")
            return
        vendor = variation.history.vendor
        self.played[vendor, variation.course, variation.fault] += 1
        by_kind = {each.kind: each for each in reversed(outcome.differences)}
        for first in by_kind.values():
            self.harms.append(Harm(variation, first, open_seconds(first, outcome)))
        self._keep(variation.history, outcome)

    def _keep(self, history: History, outcome: Outcome) -> None:
        for found in self.exploration.new(history, outcome):
            self.on_found(found)


def _struck(variation: Variation, outcome: Outcome) -> bool:
    return not variation.at_a_call or any(call.struck for call in outcome.calls)


def open_seconds(difference: Difference, outcome: Outcome) -> int:
    """Return for how long a code opened without a right to; 0 if none did.

    That is from when it must not have opened until it no longer did, or was first seen
    to be gone.
    """
    alike = [
        each
        for each in outcome.differences
        if each.kind == difference.kind and each.open_for is not None
    ]
    stretches = [each.open_for for each in alike if each.open_for is not None]
    if not stretches:
        return 0
    since, until = min(stretches)[0], max(until for _, until in stretches)
    gone = [at for at in outcome.moments if at > alike[-1].at]
    return max(0, int((min([until, *gone[:1]]) - since) / SECOND))


def table(harms: Iterable[Harm]) -> Iterator[str]:
    """Yield what faults led to, the worst first."""
    ranked = sorted(
        harms, key=lambda each: (HARMS.index(each.difference.harm), -each.seconds)
    )
    for each in ranked:
        yield f"{each.grade:24} {each.difference.rule:7} {each.variation}"
