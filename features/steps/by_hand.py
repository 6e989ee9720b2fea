"""Codes by hand: made by the owner without a booking, and the page of a lock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_bdd import then, when

from features.steps.doors import expect, expect_table
from features.steps.parameter_types import step

if TYPE_CHECKING:
    from datetime import datetime

    from strikeplate.context import ScenarioContext

KINDS = {"one-time": "onetime"}
"""How kinds are written in the API where it is not as in a scenario."""


def make(
    ctx: ScenarioContext, kind: str, door: str, start: datetime, end: datetime | None
) -> None:
    """Ask for a code of a kind at a door."""
    place = ctx.environment.place(door)
    body: dict[str, Any] = {
        "lock": ctx.admin.lock_ids(ctx.link(), place.door)[0],
        "kind": KINDS.get(kind, kind),
        "start": start.astimezone(ctx.environment.zone).isoformat(),
        "name": "Plumber",
    }
    if end:
        body["end"] = end.astimezone(ctx.environment.zone).isoformat()
    ctx.record_answer(ctx.admin.make_by_hand(body))
    ctx.run_until_idle()


@when(
    step(
        'the owner makes a code of kind "{kind}" for {door:Door} from {start:At} to'
        " {end:AtOrNone}"
    )
)
def makes_by_hand(
    ctx: ScenarioContext, kind: str, door: str, start: datetime, end: datetime | None
) -> None:
    until = ctx.environment.instant(end) if end else None
    make(ctx, kind, door, ctx.environment.instant(start), until)


@when(step('the owner tries to make a code of kind "{kind}" for {door:Door}'))
def tries_by_hand(ctx: ScenarioContext, kind: str, door: str) -> None:
    start = ctx.environment.now.replace(minute=0)
    make(ctx, kind, door, start, start.replace(hour=start.hour + 2))


@then(step("the code made by hand answers at the door of {resource:Resource}"))
def made_code_answers(
    ctx: ScenarioContext, resource: str, datatable: list[list[str]]
) -> None:
    expect_table(ctx, resource, made(ctx)["pin"], datatable)


@then("the code made by hand has failed, and it says why")
def by_hand_failed(ctx: ScenarioContext) -> None:
    row = ctx.admin.access(ctx.answer.json()["id"]).json()
    assert row["status"] == "failed", f"it has not failed: {row['status']}"
    assert row["reason"], "it gives no reason"


def made(ctx: ScenarioContext) -> dict[str, Any]:
    """Return the access that was made by hand, as it is now."""
    assert ctx.answer.status == 201, f"{ctx.answer.status}: {ctx.answer.text}"
    row: dict[str, Any] = ctx.admin.access(ctx.answer.json()["id"]).json()
    assert row["pin"], f"it has no PIN: {row['status']}, {row['reason']}"
    ctx.redact.hide(row["pin"])
    return row


@when(
    step("the owner opens the page of the lock of {resource:Resource}"),
    target_fixture="page",
)
def opens_page(ctx: ScenarioContext, resource: str) -> dict[str, Any]:
    setup = ctx.setup_of(resource)
    door = ctx.environment.place(resource).door
    answer = ctx.admin.lock(ctx.admin.lock_ids(setup.connection, door)[0])
    assert answer.ok, f"the page is not shown: {answer.status}"
    page: dict[str, Any] = answer.json()
    return page


@then(step("it shows {name:Who}'s code"))
def page_shows_code(ctx: ScenarioContext, page: dict[str, Any], name: str) -> None:
    pins = [row["pin"] for row in page["accesses"]]
    assert ctx.code(name) in pins, f"it is not among the {len(pins)} codes shown"


@then(step("its master code opens {door:Door} at {at:At}"))
def master_code_opens(
    ctx: ScenarioContext, page: dict[str, Any], door: str, at: datetime
) -> None:
    assert page["master_code"], "it shows no master code"
    ctx.redact.hide(page["master_code"])
    expect(ctx, door, page["master_code"], ctx.environment.instant(at), opens=True)
