"""What a history's resources become at a subject: doors, and rules that open them.

Invariants: a rule is told as a whole, so that a change leaves nothing of before.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from strikeplate.allotment import Bound
from strikeplate.oracle.windows import HOUR
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from strikeplate.context import ScenarioContext
    from strikeplate.explore.history import History, MarginsStep
    from strikeplate.profiles.shape import Resource


STAR = "*"
"""What is typed before a static code."""


def titles(name: str, resource: Resource) -> list[str]:
    """Return the names of a resource's doors."""
    return [name, *(f"{name} {number}" for number in range(2, resource.doors + 1))]


def bound(resources: Mapping[str, Resource]) -> dict[str, Bound]:
    """Let declared resources stand for themselves, each with all of its doors."""
    return {
        title: Bound(name, door)
        for name, each in resources.items()
        for door, title in enumerate(titles(name, each))
    }


def cabinet(number: int) -> dict[str, object]:
    """Return the fields of a cabinet whose only key has a static return code."""
    key = {"id": f"unit-{number}", "name": f"Unit {number}", "slot": 0}
    code = typed(number).lstrip(STAR)
    return {"slots": 1, "keys": [{**key, "return_code": code}]}


def typed(number: int) -> str:
    """Return the static code of that cabinet, as it is typed."""
    return f"{STAR}{7100 + number}"


def terms(resource: Resource) -> dict[str, object]:
    """Return a resource's traits as the API of a rule takes them."""
    found: dict[str, object] = {
        "trigger": resource.trigger,
        "channel": resource.channel,
    }
    if resource.send_before is not None:
        found["send_hours_before"] = resource.send_before // HOUR
    for name in ("before", "after"):
        margin = getattr(resource, f"margin_{name}")
        found[f"margin_{name}_hours"] = margin // HOUR
        found[f"margin_{name}_minutes"] = margin % HOUR // timedelta(minutes=1)
    if resource.recurring:
        found["recurring"] = resource.recurring
        found["grace_minutes"] = resource.grace // timedelta(minutes=1)
    if resource.return_grace:
        minutes = resource.return_grace // timedelta(minutes=1)
        found["return_grace_minutes"] = minutes
    if resource.overdue_after:
        minutes = resource.overdue_after // timedelta(minutes=1)
        found["overdue_after_minutes"] = minutes
    if resource.copy_to_owner:
        found["copy_to_owner"] = True
    if resource.report_returns:
        found["report_returns"] = True
    return found


def widen(ctx: ScenarioContext, history: History, step: MarginsStep) -> None:
    """Give the connection of each resource that is booked margins, as its owner does.

    A prepared subject may have several connections to one account.
    """
    hours = {"before": step.before // HOUR, "after": step.after // HOUR}
    least = {f"margin_{name}_hours": number for name, number in hours.items()}
    booked = {event.resource for event in history.events}
    for name, rule in history.set_up.items():
        if name in booked:
            answer = ctx.admin.margins(ctx.link(), rule.id or name, **least)
            if not answer.ok:
                raise HarnessFault(f"no margins were given: {answer.status}")
    ctx.run_until_idle()
