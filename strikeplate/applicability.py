"""Which rules a run will judge, from tags and step texts, before anything runs. Pure.

A scenario is left out for a capability, a vendor, a kind of event or a resource that
its profile lacks.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from strikeplate.verdict import NotApplicable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from strikeplate.config import RunConfig
    from strikeplate.requirements import Example, Rule, Scenario


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
    """Yield for each run of an integration why it is left out; None if it is judged."""
    for scenario in rule.scenarios:
        if "service" not in rule.roles(scenario):
            continue
        lacks = config.not_applicable_reason(rule, scenario)
        for example in scenario.examples:
            yield lacks or _unbound(rule, scenario, example, config)


def _unbound(
    rule: Rule, scenario: Scenario, example: Example, config: RunConfig
) -> str | None:
    try:
        config.bound(rule, scenario, example)
    except NotApplicable as reason:
        return str(reason)
    return None
