"""The owner's view: accesses, their status, and the overview of all codes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pytest_bdd import given, then, when

from features.steps.doors import expect
from features.steps.parameter_types import step
from strikeplate.fakes_client import parse
from strikeplate.subjects.admin_client import all_pages, door_of

if TYPE_CHECKING:
    from datetime import datetime

    from strikeplate.context import ScenarioContext

Row = dict[str, Any]  # an access, as the API tells of it

PERIOD = ("valid_from", "valid_until")
MOMENT = timedelta(minutes=1)
"""A lock system that has to confirm is given so long."""


def accesses(ctx: ScenarioContext, name: str) -> list[Row]:
    """Return all accesses of a customer's booking."""
    booking = ctx.booking(name)
    connection = ctx.platform.connection(booking.resource)
    answer = ctx.admin.booking(connection, booking.id)
    assert answer.ok, f"the booking is not shown: {answer.status} {answer.text}"
    found: list[Row] = answer.json()["accesses"]
    return found


def access(ctx: ScenarioContext, name: str) -> Row:
    """Return the one access of a customer's booking."""
    found = accesses(ctx, name)
    assert len(found) == 1, f"{name}'s booking shows {len(found)} accesses, not 1"
    return found[0]


def is_lock_of(ctx: ScenarioContext, row: Row, door: str) -> bool:
    """Say whether an access is to a door, or to what is behind it."""
    name = ctx.environment.place(door).door.name
    return door_of(row["lock"]["name"]) == name


@given(step("{name:Who}'s access is in progress"))
@then(step("{name:Who}'s access is in progress"))
def access_in_progress(ctx: ScenarioContext, name: str) -> None:
    status = access(ctx, name)["status"]
    assert status == "in progress", f"the access is {status}, not in progress"


@given(step("{name:Who}'s access is {status:w}"))
@then(step("{name:Who}'s access is {status:w}"))
def access_is(ctx: ScenarioContext, name: str, status: str) -> None:
    found = access(ctx, name)["status"]
    assert found == status, f"the access is {found}, not {status}"


@then(step("{name:Who}'s access is not removed"))
def access_is_not_removed(ctx: ScenarioContext, name: str) -> None:
    assert access(ctx, name)["status"] != "removed", "it is reported removed"


@then(step("{name:Who} has {number:d} active access{_:Es}"))
def active_accesses(ctx: ScenarioContext, name: str, number: int) -> None:
    found = sum(row["active"] for row in accesses(ctx, name))
    assert found == number, f"{found} accesses are active, not {number}"


@then(step("{name:Who} has {number:d} inactive access{_:Es}"))
def inactive_accesses(ctx: ScenarioContext, name: str, number: int) -> None:
    found = sum(not row["active"] for row in accesses(ctx, name))
    assert found == number, f"{found} accesses are inactive, not {number}"


@then(step("{name:Who}'s access tells why"))
def access_tells_why(ctx: ScenarioContext, name: str) -> None:
    assert access(ctx, name)["reason"], "the access gives no reason"


@then(step("{name:Who}'s access tells why and when it is tried next"))
def access_tells_next(ctx: ScenarioContext, name: str) -> None:
    row = access(ctx, name)
    assert row["reason"], "the access gives no reason"
    assert parse(row["next_try_at"]) > ctx.environment.now, (
        "the next try is in the past"
    )


@then(step('{name:Who}\'s access tells "{word}"'))
def access_tells(ctx: ScenarioContext, name: str, word: str) -> None:
    reason = str(access(ctx, name)["reason"])
    assert word in reason, f"the reason does not tell {word!r}: {reason}"


@then(step("{name:Who}'s access says that its code works until {at:At}"))
def access_works_until(ctx: ScenarioContext, name: str, at: datetime) -> None:
    row, until = access(ctx, name), ctx.environment.instant(at)
    assert row["cancelled_at"], "it does not show that the booking was cancelled"
    assert row["notice"], "no notice says that the code still works"
    assert parse(row["works_until"]) == until, f"it says until {row['works_until']}"


@then(step("{name:Who}'s access says nothing of the kind"))
def access_is_plain(ctx: ScenarioContext, name: str) -> None:
    row = access(ctx, name)
    assert not row["notice"], f"a notice says {row['notice']!r}"
    assert not row["cancelled_at"], "it counts as cancelled"


@then(
    step("{name:Who}'s access shows period, door, creation time, PIN, link and place")
)
def access_shows_all(ctx: ScenarioContext, name: str) -> None:
    row, booking = access(ctx, name), ctx.booking(name)
    assert parse(row["valid_from"]) <= booking.start, "the period begins too late"
    assert parse(row["valid_until"]) >= booking.end, "the period ends too early"
    assert is_lock_of(ctx, row, booking.resource), "it names another door"
    age = ctx.environment.now - parse(row["created_at"])
    assert timedelta() <= age <= MOMENT, "it was created at another time"
    assert row["pin"] == ctx.code(name), "it shows another PIN than the message"
    assert row["vendor_place"], "it does not say where the vendor shows it"
    assert "link" in row, "it has no place for a link"


@then(step("the PIN shown opens {door:Door} at {at:At}"))
def shown_pin_opens(ctx: ScenarioContext, door: str, at: datetime) -> None:
    pin = access(ctx, ctx.platform.latest.customer.name)["pin"]
    expect(ctx, door, pin, ctx.environment.instant(at), opens=True)


@then(
    step(
        "a code that {name:Who} was told opens {door:Door} at {at:At}, or she is told"
        " why not"
    )
)
def told_code_opens(ctx: ScenarioContext, name: str, door: str, at: datetime) -> None:
    place, instant = ctx.environment.place(door), ctx.environment.instant(at)
    payload = sorted(ctx.post.all_codes(ctx.platform.person(name)))
    tries = [ctx.environment.try_code(place, code, instant) for code in payload]
    if not any(entry.opened for entry in tries):
        refused = [row for row in accesses(ctx, name) if row["status"] == "failed"]
        found = ", ".join(entry.reason for entry in tries) or "she was told none"
        assert refused, f"no code of {name}'s opens {door} ({found}), and none says why"
        assert refused[0]["reason"], "her access is refused without a reason"


@when("the owner opens the overview", target_fixture="overview")
def opens_overview(ctx: ScenarioContext) -> list[Row]:
    connection = ctx.link()
    return all_pages(lambda cursor: ctx.admin.overview(connection, cursor))


@then(step("it lists {name:Who}'s code with its lock, booking, validity and status"))
def overview_lists(ctx: ScenarioContext, overview: list[Row], name: str) -> None:
    booking = ctx.booking(name)
    found = [row for row in overview if row["booking"] == booking.id]
    assert len(found) == 1, f"{len(found)} rows are of {name}'s booking"
    assert found[0]["pin"] == ctx.code(name), "it lists another code"
    assert is_lock_of(ctx, found[0], booking.resource), "it names another lock"
    assert all(found[0][field] for field in PERIOD), "it lacks the validity"
    assert found[0]["status"] == "created", f"it is {found[0]['status']}"


@then(step("it lists {number:d} codes"))
def overview_counts(overview: list[Row], number: int) -> None:
    codes = [row["pin"] for row in overview if row["pin"]]
    assert len(codes) == number, f"it lists {len(codes)} codes, not {number}"


@when(step("the owner tries to delete {name:Who}'s access"))
def tries_to_delete(ctx: ScenarioContext, name: str) -> None:
    ctx.record_answer(ctx.admin.delete_access(access(ctx, name)["id"]))


@then("the customer's view names the booking's own start and end")
def customers_view(ctx: ScenarioContext) -> None:
    booking, payload = ctx.platform.latest, view(ctx).json()
    assert parse(payload["start"]) == booking.start, f"it starts at {payload['start']}"
    assert parse(payload["end"]) == booking.end, f"it ends at {payload['end']}"


@then(step("the customer's view holds nothing of {one:Clock} or {other:Clock}"))
def customers_view_lacks(ctx: ScenarioContext, one: str, other: str) -> None:
    text = view(ctx).text
    zone, day = ctx.environment.zone, ctx.platform.latest.start
    for time in (one, other):
        hour = day.replace(hour=int(time[:2]), minute=0, second=0).astimezone(zone)
        for written in (time, parse(hour.isoformat()).strftime("T%H:%M")):
            assert written not in text, f"it names {written}"


def view(ctx: ScenarioContext) -> Any:  # an Answer
    """Return what the customer sees of the latest booking."""
    booking = ctx.platform.latest
    connection = ctx.platform.connection(booking.resource)
    answer = ctx.admin.customers_view(connection, booking.id)
    assert answer.ok, f"the customer sees nothing: {answer.status}"
    return answer
