"""At the door: what a customer's code does there. The door has the last word."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pytest_bdd import given, then

from features.steps.parameter_types import Count, rows, step

if TYPE_CHECKING:
    from strikeplate.context import ScenarioContext

SECOND = timedelta(seconds=1)


def expect(
    ctx: ScenarioContext,
    door: str,
    code: str,
    at: datetime,
    *,
    opens: bool,
    **more: object,
) -> None:
    """Type a code at a door, and hold the door to what is expected.

    What the message brought beside the code goes with it, and whatever is in `more`.
    """
    given = {**ctx.extras_for(code), **more}
    entry = ctx.environment.try_code(ctx.environment.place(door), code, at, **given)
    found = "it opened" if entry.opened else f"it stayed shut: {entry.reason}"
    wanted = "open" if opens else "stay shut"
    local = at.astimezone(ctx.environment.zone).strftime("%Y-%m-%d %H:%M:%S")
    assert entry.opened is opens, f"at {local} {door} was to {wanted}, and {found}"


def expect_window(
    ctx: ScenarioContext, door: str, code: str, start: datetime, end: datetime
) -> None:
    """Hold a door to open from a start until an end, and not a second outside."""
    expect(ctx, door, code, start - SECOND, opens=False)
    expect(ctx, door, code, start, opens=True)
    expect(ctx, door, code, end - SECOND, opens=True)
    expect(ctx, door, code, end, opens=False)


def expect_table(
    ctx: ScenarioContext, door: str, code: str, table: list[list[str]]
) -> None:
    """Hold a door to a table of instants."""
    for row in rows(table):
        at = ctx.environment.instant(datetime.fromisoformat(row["at"]))
        expect(ctx, door, code, at, opens=row["door"] == "open")


def codes_made(ctx: ScenarioContext, door: str, name: str) -> list[str]:
    """Return the codes made for a door that no other customer was told."""
    others = ctx.platform.others(name)
    known = {code for person in others for code in ctx.post.all_codes(person)}
    made = ctx.environment.codes(ctx.environment.place(door))
    return [code for code in made if code not in known]


@given(step("{name:Who}'s code {opens:Opens} {door:Door} at {at:At}"))
@then(step("{name:Who}'s code {opens:Opens} {door:Door} at {at:At}"))
def code_opens(
    ctx: ScenarioContext,
    name: str,
    opens: bool,  # noqa: FBT001 - a word of the sentence
    door: str,
    at: datetime,
) -> None:
    expect(ctx, door, ctx.code(name), ctx.environment.instant(at), opens=opens)


@then(step("{name:Who}'s code opens {door:Door} from {start:At} until {end:At}"))
def code_opens_from(
    ctx: ScenarioContext, name: str, door: str, start: datetime, end: datetime
) -> None:
    times = ctx.environment.instant(start), ctx.environment.instant(end)
    expect_window(ctx, door, ctx.code(name), *times)


@then(step("one of {name:Who}'s codes opens {door:Door} at {at:At}"))
def one_code_opens(ctx: ScenarioContext, name: str, door: str, at: datetime) -> None:
    place, instant = ctx.environment.place(door), ctx.environment.instant(at)
    tries = [
        ctx.environment.try_code(place, code, instant, **ctx.extras_for(code))
        for code in ctx.codes(name)
    ]
    found = ", ".join(entry.reason for entry in tries)
    assert any(entry.opened for entry in tries), f"none opens {door}: {found}"


@then(step("the door of {resource:Resource} answers {name:Who}'s code"))
def door_answers(
    ctx: ScenarioContext, resource: str, name: str, datatable: list[list[str]]
) -> None:
    expect_table(ctx, resource, ctx.code(name), datatable)


@given(step("{one:Who} and {other:Who} have different codes"))
@then(step("{one:Who} and {other:Who} have different codes"))
def codes_differ(ctx: ScenarioContext, one: str, other: str) -> None:
    assert ctx.code(one) != ctx.code(other), f"{one} and {other} share a code"


@then(step("{name:Who} has {number:Count} code{_:S} at {door:Door}"))
def has_codes_at(ctx: ScenarioContext, name: str, number: Count, door: str) -> None:
    made = codes_made(ctx, door, name)
    assert number.holds(len(made)), f"{len(made)} codes were made, not {number}"


@then(step("{number:Count} code{_:S} {verb:Are} stored at the door of {door:Door}"))
def codes_stored(ctx: ScenarioContext, number: Count, door: str) -> None:
    found = len(ctx.environment.codes(ctx.environment.place(door), "door"))
    assert number.holds(found), f"{found} codes are stored at the door, not {number}"


@then(step("{name:Who} has no code"))
def has_no_code(ctx: ScenarioContext, name: str) -> None:
    known = ctx.post.to(ctx.platform.person(name))
    assert not known, f"{name} was sent {len(known)} messages"
    for resource in ctx.setups:
        made = codes_made(ctx, resource, name)
        assert not made, f"{len(made)} codes of nobody were made for {resource}"


@then("no code was made at the other connection")
def no_code_elsewhere(ctx: ScenarioContext) -> None:
    for resource in ctx.setups:
        made = ctx.environment.codes(ctx.environment.place(resource))
        assert not made, f"{len(made)} codes were made for {resource}"


@then(step('no code was made at "{door}"'))
def no_code_at(ctx: ScenarioContext, door: str) -> None:
    made = ctx.environment.codes(ctx.environment.place(door))
    assert not made, f"{len(made)} codes were made for {door}"
