"""Which rules a run will judge, from tags and step texts, before anything runs. Pure.

A scenario is left out for a capability or a vendor that its profile lacks, or for a
kind of event that its platform cannot send. What only a running scenario finds, such as
a resource too few, is not in it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from strikeplate.profiles.shape import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from strikeplate.config import RunConfig
    from strikeplate.profiles.shape import Events, Kind
    from strikeplate.requirements import Rule, Scenario

ALSO: Mapping[Kind, str] = {
    "changed": r"booking is moved to\b",
    "membership_started": r"^\w+ joins \"|'s membership of \"",
    "membership_ended": r"^\w+ leaves \"",
}
"""Step texts that tell a kind of event without its own word."""

PHRASES = {
    kind: re.compile(
        rf'\bis {kind}\b|arrive as "[^"]*\b{kind}\b|{ALSO.get(kind, "(?!)")}'
    )
    for kind in KINDS
}


@dataclass(frozen=True)
class Applicability:
    """What will come of the rules: those judged, and the others by their reason."""

    judged: tuple[Rule, ...]
    left_out: Mapping[str, tuple[Rule, ...]]


def applicability_of(config: RunConfig) -> Applicability:
    """Return which rules of an integration will be judged, and why others will not."""
    judged: list[Rule] = []
    left_out: dict[str, list[Rule]] = defaultdict(list)
    for rule in config.rules:
        reasons = [*_reasons(rule, config)]
        if None in reasons:
            judged.append(rule)
        elif reasons:
            parts = {part for each in reasons if each for part in each.split("; ")}
            left_out["; ".join(sorted(parts))].append(rule)
        elif "service" in rule.on:
            left_out["no scenario looks at it yet"].append(rule)
    folded = {reason: tuple(rules) for reason, rules in left_out.items()}
    return Applicability(tuple(judged), folded)


def _reasons(rule: Rule, config: RunConfig) -> Iterator[str | None]:
    """Yield for each scenario of an integration why it is left out; None if it runs."""
    declared = config.profile.declared
    for scenario in rule.scenarios:
        if "service" in rule.roles(scenario):
            reason = config.not_applicable_reason(rule, scenario)
            events = declared.events if declared else None
            yield reason or (events and unsent(scenario, events)) or None


def unsent(scenario: Scenario, events: Events) -> str | None:
    """Return which kinds of event a format cannot tell that a scenario needs."""
    missing = [kind for kind in kinds_in(scenario) if not can_send(events, kind)]
    named = " and ".join(f"{kind!r}" for kind in missing)
    return f"[events] has no {named}" if missing else None


def kinds_in(scenario: Scenario) -> list[Kind]:
    """Return the kinds of event that the steps of a scenario send."""
    found = (kind for kind in KINDS if any(map(PHRASES[kind].search, scenario.texts)))
    return [*found]


def can_send(events: Events, kind: Kind) -> bool:
    """Say whether a format has a way to send a kind."""
    declared = events.of(kind)
    return declared is not None and all(
        can_send(events, each) for each in declared.sent_as
    )
