"""Rules of a connection: who opens which locks, on which event, by which message."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from pytest_bdd import given, when

from features.steps.keys import lock
from features.steps.parameter_types import step
from strikeplate.context import ResourceSetup
from strikeplate.subjects.admin_client import RULE
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from strikeplate.context import ScenarioContext
    from strikeplate.http import Answer

SETTINGS: dict[str, str] = {
    "trigger": "trigger",
    "channel": "channel",
    "send hours before": "send_hours_before",
    "copy to the owner": "copy_to_owner",
    "margin before, hours": "margin_before_hours",
    "margin after, hours": "margin_after_hours",
    "margin before, minutes": "margin_before_minutes",
    "margin after, minutes": "margin_after_minutes",
    "recurring key": "recurring",
    "grace, minutes": "grace_minutes",
    "return grace, minutes": "return_grace_minutes",
    "report overdue keys after, minutes": "overdue_after_minutes",
    "report returned keys": "report_returns",
    "make codes anew": "remake_codes",
    "options": "options",
    "locks": "locks",
    "resource": "resource",
    "community": "community",
}
"""The settings of a rule: the name in a table, and the field of the API."""


def settings(
    ctx: ScenarioContext, resource: str, table: list[list[str]]
) -> dict[str, Any]:
    """Return the settings of a table as the API takes them."""
    found = {}
    for name, text in table:
        if name not in SETTINGS:
            known = ", ".join(SETTINGS)
            raise HarnessFault(f"unknown setting {name!r}; known: {known}")
        found[SETTINGS[name]] = _read(ctx, resource, name, text)
    return found


def _read(ctx: ScenarioContext, resource: str, name: str, text: str) -> Any:
    if name == "options":
        return [] if text == "none" else text.split(", ")
    if name == "locks":
        doors = [lock(ctx, each) for each in text.split(", ")]
        return ctx.admin.lock_ids(ctx.setup_of(resource).connection, *doors)
    if text in {"yes", "no"}:
        return text == "yes"
    return json.loads(text) if re.fullmatch(r'-?[\d.]+|".*"', text) else text


SETS = "the owner sets the rule of {resource:Resource} to"


@given(step(SETS))
def owner_has_set(
    ctx: ScenarioContext, resource: str, datatable: list[list[str]]
) -> None:
    if ctx.prepared:
        return
    answer = owner_sets(ctx, resource, datatable)
    assert answer.ok, f"the rule was not changed: {answer.status} {answer.text}"


@when(step(SETS))
def owner_sets(
    ctx: ScenarioContext, resource: str, datatable: list[list[str]]
) -> Answer:
    what = settings(ctx, resource, datatable)
    return ctx.record_answer(ctx.admin.edit_rule(ctx.setup_of(resource).rule, **what))


MAKES = "the owner makes a rule that lets {whom:Grants} open {door:Door}"


@given(step(MAKES))
def owner_has_made_rule(ctx: ScenarioContext, whom: str, door: str) -> None:
    rule = "" if ctx.prepared else made_rule(ctx, whom, door)
    kind, named = whom.split(" of ")
    connection, name = ctx.setup_of(door).connection, named.strip('"')
    ctx.environment.add_alias(door, name)
    ctx.setups[name] = ResourceSetup(connection, rule)
    if kind == "bookings":
        ctx.platform.route_events(name, connection)


def made_rule(ctx: ScenarioContext, whom: str, door: str) -> str:
    """Make a rule, and return its id."""
    answer = owner_makes_rule(ctx, whom, door)
    assert answer.ok, f"the rule was not made: {answer.status} {answer.text}"
    return str(answer.json()["id"])


@when(step(MAKES))
def owner_makes_rule(ctx: ScenarioContext, whom: str, door: str) -> Answer:
    kind, name = whom.split(" of ")
    if kind == "members":
        whose = {"community": name.strip('"'), "channel": RULE["channel"]}
    else:
        whose = {"resource": name, **RULE}
    setup = ctx.setups.get(door)
    connection = setup.connection if setup else ctx.link()
    ids = ctx.admin.lock_ids(connection, ctx.environment.place(door).door)
    return ctx.record_answer(ctx.admin.add_rule(connection, {**whose, "locks": ids}))
