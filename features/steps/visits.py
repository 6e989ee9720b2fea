"""A visit as its guest has it: link, PIN, and what else a rule adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import given, then, when

from features.steps.messages import latest
from features.steps.parameter_types import step
from features.steps.rules import edit

if TYPE_CHECKING:
    from datetime import datetime

    from features.steps.exivo import Client
    from strikeplate.context import ScenarioContext


@given(
    step(
        "{resource:Resource} opens {before:d} minutes before and {after:d} minutes"
        " after a booking"
    )
)
def opens_around(ctx: ScenarioContext, resource: str, before: int, after: int) -> None:
    edit(ctx, resource, margin_before_minutes=before, margin_after_minutes=after)


@when(
    step(
        "the owner tries to have {resource:Resource} open {before:d} minutes before a"
        " booking"
    )
)
def tries_minutes(ctx: ScenarioContext, resource: str, before: int) -> None:
    rule = ctx.setup_of(resource).rule
    ctx.record_answer(ctx.admin.edit_rule(rule, margin_before_minutes=before))


@then(step("{name:Who}'s message brings a link"))
def message_brings_link(ctx: ScenarioContext, name: str) -> None:
    text = latest(ctx, name).text
    pattern = ctx.environment.vocabulary.extras["link"]
    assert pattern.search(text), f"{name}'s message brings no link"


@given(step("{name:Who}'s code without its link {opens:Opens} {door:Door} at {at:At}"))
@then(step("{name:Who}'s code without its link {opens:Opens} {door:Door} at {at:At}"))
def code_without_link(
    ctx: ScenarioContext,
    name: str,
    opens: bool,  # noqa: FBT001 - a word of the sentence
    door: str,
    at: datetime,
) -> None:
    expect_with(ctx, door, ctx.code(name), at, opens=opens)


@then(
    step(
        "{name:Who}'s code with the link of {other:Who} does not open {door:Door} at"
        " {at:At}"
    )
)
def code_with_other_link(
    ctx: ScenarioContext, name: str, other: str, door: str, at: datetime
) -> None:
    extras_for = ctx.extras_for(ctx.code(other))
    expect_with(ctx, door, ctx.code(name), at, opens=False, **extras_for)


@given(step('the rule of {resource:Resource} adds "{option}"'))
def rule_adds(ctx: ScenarioContext, resource: str, option: str) -> None:
    edit(ctx, resource, options=[option])


@when(step('the owner tries to add "{option}" to the rule of {resource:Resource}'))
def tries_option(ctx: ScenarioContext, option: str, resource: str) -> None:
    rule = ctx.setup_of(resource).rule
    ctx.record_answer(ctx.admin.edit_rule(rule, options=[option]))


@given(step('the account\'s app is "{number}"'))
def account_has_app(ctx: ScenarioContext, number: str) -> None:
    credentials = {"mobile_app_id": number}
    answer = ctx.record_answer(ctx.admin.switch(ctx.link(), credentials=credentials))
    assert answer.ok, f"the app was not taken: {answer.status} {answer.text}"


@then(step('{name:Who}\'s access says that it goes without "{way}"'))
def goes_without(ctx: ScenarioContext, name: str, way: str) -> None:
    booking = ctx.booking(name)
    connection = ctx.setup_of(booking.resource).connection
    payload = ctx.record_answer(ctx.admin.booking(connection, booking.id)).json()
    (access,) = payload["accesses"]
    assert access["status"] == "created", f"the access is {access['status']}"
    notice = access["notice"] or "nothing"
    assert "Without" in notice, f"it says {notice}"
    assert way in notice, f"it says {notice}"


@then(step("{name:Who}'s app {opens:Opens} {door:Door} at {at:At}"))
def app_opens(
    exivo: Client,
    name: str,
    opens: bool,  # noqa: FBT001 - a word of the sentence
    door: str,
    at: datetime,
) -> None:
    phone = exivo.ctx.platform.person(name).phone
    payload = exivo.ask("GET", "/digitalKeyVisits").json()
    own = [row["id"] for row in payload if row["publicRegistrationId"] == phone]
    assert len(own) == 1, f"{name} has {len(own)} invitations"
    expect_with(exivo.ctx, door, "", at, opens=opens, medium=own[0])


def expect_with(
    ctx: ScenarioContext,
    door: str,
    code: str,
    at: datetime,
    *,
    opens: bool,
    **more: str,
) -> None:
    """Type a code with just this beside it, and hold the door to what is expected."""
    place, there = ctx.environment.place(door), ctx.environment.instant(at)
    entry = ctx.environment.try_code(place, code, there, **more)
    found = "it opened" if entry.opened else f"it stayed shut: {entry.reason}"
    assert entry.opened is opens, f"at {at} {door}: {found}"
