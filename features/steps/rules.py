"""Rules of a connection: what opens what, on which event, and how it is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pytest_bdd import given, when

from features.steps.parameter_types import step
from strikeplate.subjects.admin_client import RULE, items

if TYPE_CHECKING:
    from strikeplate.context import ScenarioContext


def edit(ctx: ScenarioContext, resource: str, **what: object) -> None:
    """Change the rule of a resource; that it can be changed is taken for granted."""
    answer = ctx.record_answer(ctx.admin.edit_rule(ctx.setup_of(resource).rule, **what))
    assert answer.ok, f"the rule was not changed: {answer.status} {answer.text}"


@given(step('the rule of {resource:Resource} waits for "{trigger}"'))
def rule_waits(ctx: ScenarioContext, resource: str, trigger: str) -> None:
    edit(ctx, resource, trigger=trigger)


@given(step('the rule of {resource:Resource} sends by "{channel}"'))
def rule_sends_by(ctx: ScenarioContext, resource: str, channel: str) -> None:
    edit(ctx, resource, channel=channel)


@given(step("the rule of {resource:Resource} sends {hours:d} hours before the start"))
def rule_sends_before(ctx: ScenarioContext, resource: str, hours: int) -> None:
    edit(ctx, resource, send_hours_before=hours)


@given(step("the rule of {resource:Resource} sends copies to the owner"))
def rule_sends_copies(ctx: ScenarioContext, resource: str) -> None:
    edit(ctx, resource, copy_to_owner=True)


@given(
    step(
        "the rule of {resource:Resource} has a margin of {before:d} h before and"
        " {after:d} h after"
    )
)
def rule_has_margin(
    ctx: ScenarioContext, resource: str, before: int, after: int
) -> None:
    edit(ctx, resource, margin_before_hours=before, margin_after_hours=after)


@given(
    step(
        "the rule of {resource:Resource} gives {form:w} keys with {minutes:d} minutes"
        " of grace"
    )
)
def rule_gives_keys(
    ctx: ScenarioContext, resource: str, form: str, minutes: int
) -> None:
    edit(ctx, resource, recurring=form, grace_minutes=minutes)


@when(step('the owner tries to make a rule for the lock "{name}"'))
def tries_rule(ctx: ScenarioContext, name: str) -> None:
    connection, door = ctx.link(), ctx.environment.place(name).door
    rule = {"resource": "room", "locks": ctx.admin.lock_ids(connection, door), **RULE}
    ctx.record_answer(ctx.admin.add_rule(connection, rule))


@when(step("the owner tries to set a margin of {margin}"))
def tries_margin(ctx: ScenarioContext, margin: str) -> None:
    rule = ctx.setups["court-1"].rule
    asked = ctx.admin.edit_rule(rule, margin_before_hours=json.loads(margin))
    ctx.record_answer(asked)


@when(
    step(
        "the owner edits the rule of {resource:Resource} to open the lock of"
        " {other:Resource}"
    )
)
def edits_rule(ctx: ScenarioContext, resource: str, other: str) -> None:
    connection, door = (
        ctx.setup_of(resource).connection,
        ctx.environment.place(other).door,
    )
    edit(ctx, resource, locks=ctx.admin.lock_ids(connection, door))


@when(step("the owner deletes the rule of {resource:Resource}"))
def deletes_rule(ctx: ScenarioContext, resource: str) -> None:
    ctx.record_answer(ctx.admin.delete_rule(ctx.setup_of(resource).rule))
    assert ctx.answer.ok, f"the rule was not deleted: {ctx.answer.text}"


@when("the owner replays the last event")
def replays(ctx: ScenarioContext) -> None:
    payload = items(ctx.admin.events(ctx.link()).json())
    assert len(payload) == 1, f"{len(payload)} events are listed, not the one that came"
    ctx.record_answer(ctx.admin.replay(payload[0]["id"]))
    assert ctx.answer.ok, f"it was not replayed: {ctx.answer.text}"
    ctx.run_until_idle()
