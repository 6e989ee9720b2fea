"""Histories of one subject, one after the other: what they show, each thing once.

Invariants: a difference is told by the shortest history that was found for it, and by
the rule that this history breaks; one that is known already is not shrunk again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from strikeplate.cause import HURT, LOCKED_OUT, TWO_CODES, WRONG_DOOR
from strikeplate.explore.counts import Counts
from strikeplate.explore.generate import Offer
from strikeplate.explore.history import (
    NOTHING,
    CredentialsStep,
    FaultStep,
    OffStep,
    RestartStep,
)
from strikeplate.explore.play import play
from strikeplate.explore.relay import REPORTED
from strikeplate.explore.shrink import TRIES, WAYS, shortest
from strikeplate.verdict import HarnessFault, NotApplicable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from strikeplate.config import RunConfig
    from strikeplate.environment import TargetContext
    from strikeplate.explore.compare import Difference
    from strikeplate.explore.history import History
    from strikeplate.explore.play import Outcome
    from strikeplate.profiles.shape import Resource


@dataclass(frozen=True)
class Found:
    """One difference, and the shortest history that shows it."""

    difference: Difference
    history: History


@dataclass
class Exploration:
    """What was played so far, and what it showed."""

    shared: TargetContext
    tries: int = TRIES
    """So many histories are played at most to shrink one."""

    played: int = 0
    counts: Counts = field(default_factory=Counts)
    found: list[Found] = field(default_factory=list)
    unjudged: dict[str, str] = field(default_factory=dict)
    """Histories that could not be played to their end, by vendor and seed."""

    _known: set[tuple[str, ...]] = field(default_factory=set)

    def explore(self, history: History) -> list[Found]:
        """Play a history, and return what it shows that none before has shown."""
        outcome = self.outcome(history)
        return [] if outcome is None else self.new(history, outcome)

    def outcome(self, history: History) -> Outcome | None:
        """Play a history, and return what comes of it; None if it cannot be played."""
        name = f"{history.vendor} {history.seed}"
        try:
            outcome = play(history, self.shared)
        except NotApplicable as obstacle:
            self.unjudged[name] = str(obstacle)
            return None
        self.played += 1
        self.counts.add_all(outcome.counts)
        if outcome.unjudged:
            self.unjudged[name] = outcome.unjudged
        return outcome

    def new(self, history: History, outcome: Outcome) -> list[Found]:
        """Return what a history shows that none before has shown, each shrunk."""
        new = []
        for difference in outcome.differences:
            key = (history.vendor, *difference.kind)
            if key not in self._known and not self._by_chance(history, difference):
                self._known.add(key)
                new.append(self.shortest(history, difference))
        self.found += new
        return new

    def _by_chance(self, history: History, difference: Difference) -> bool:
        """Say whether a door took another's code because its digits happened to do.

        At a lock that works out from the digits alone when a code is good, any number
        is good at some time. With other codes the same history does not show it.
        """
        if difference.harm != WRONG_DOOR:
            return False
        other = replace(self.shared, seed=f"{self.shared.seed}-again")
        seen = {each.kind for each in play(history, other).differences}
        return difference.kind not in seen

    def shortest(self, history: History, difference: Difference) -> Found:
        """Return the shortest history that shows a difference, as it shows it."""

        def seen(shorter: History) -> Sequence[Difference]:
            try:
                return play(shorter, self.shared).differences
            except (NotApplicable, HarnessFault):
                return []

        latest, shorter = shortest(history, difference, seen, WAYS, self.tries)
        return Found(attributed(latest, shorter), shorter)


EVENTS = frozenset({"confirmed", "paid", "changed", "cancelled", "checked_out"})
"""The kinds of event that histories have."""

WINDOWS = (
    *("IGL-02", "IGL-03", "IGL-06", "EXV-03", "LIV-01"),
    *("NUK-02", "NUK-09", "NUK-10"),
)
"""The rules of when a code opens."""

OWN = ("CON-13", "CON-14", "CON-15", "CON-16", "EXV-02")
"""The rules that are of a fault, a change or a membership themselves."""


def attributed(difference: Difference, history: History) -> Difference:
    """Return a difference by the rule that its shortest history breaks.

    What only a fault brings about is about faults, and so with a stop of the service,
    with a connection that was switched off or has old credentials, with events that
    come late or twice or name an id alone, and with a change of the booking: without
    it nothing would differ. A list without codes is about codes that are missing.
    """
    kinds, events = {type(step) for step in history.steps}, history.events
    cancelled, changed = (
        any(step.kind == kind for step in events) for kind in ("cancelled", "changed")
    )
    listed_nothing = any(getattr(s, "effect", "") == NOTHING for s in history.steps)
    missed = difference.harm in {LOCKED_OUT, TWO_CODES}
    reasons = (
        (RestartStep in kinds, "RES-04"),
        (OffStep in kinds, "RES-07" if cancelled else "CON-07"),
        (difference.rule in OWN, difference.rule),
        (CredentialsStep in kinds, "CON-14"),
        (any(step.id_alone for step in events), "RES-07"),
        (listed_nothing, "CON-13"),
        (FaultStep in kinds and missed, "RES-01"),
        (any(step.arrives for step in events), "CON-12"),
        (difference.rule in WINDOWS and changed, "CON-11"),
        (True, difference.rule),
    )
    rule = next(named for holds, named in reasons if holds)
    if rule == difference.rule:
        return difference
    return replace(difference, rule=rule, harm=difference.harm or HURT[rule])


def offers(run_config: RunConfig) -> list[Offer]:
    """Return what histories may use, for each vendor of the subject's profile."""
    profile = run_config.profile
    vendors = {
        name: tuple(known.calls)
        for name, known in sorted(run_config.vocabularies.items())
        if profile.supports(name)
    }
    declared = profile.declared
    if declared is None or declared.events is None:
        return [
            Offer(
                vendor, calls, kinds=EVENTS, switches=True, reports=vendor in REPORTED
            )
            for vendor, calls in vendors.items()
        ]
    events, command = declared.events, declared.run and declared.run.command
    margins = "margins" in declared.api and bool(declared.run and declared.run.anew)
    kinds = frozenset(kind for kind in EVENTS if getattr(events, kind) is not None)
    found = [
        Offer(
            vendor,
            calls,
            _traits(vendor, declared.resources),
            kinds,
            restarts=bool(command),
            margins=margins,
        )
        for vendor, calls in vendors.items()
    ]
    return [offer for offer in found if offer.resources]


def _traits(
    vendor: str, resources: dict[str, Resource]
) -> dict[str, dict[str, object]]:
    """Return a vendor's resources, each as a history writes it."""
    return {
        name: {
            key: _written(value)
            for key, value in resource.model_dump(exclude_unset=True).items()
        }
        for name, resource in resources.items()
        if resource.vendor == vendor and not (resource.community or resource.recurring)
    }


def _written(value: object) -> object:
    """Return a value as a profile writes it: a duration in minutes."""
    if isinstance(value, timedelta):
        return f"{value // timedelta(minutes=1)}m"
    return value
