"""What the owner sees: single accesses, the overview, the page of a lock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from pytest_bdd import given, then, when

from features.steps.parameter_types import step
from strikeplate.fakes_client import parse
from strikeplate.subjects.admin_client import all_pages, door_of
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from collections.abc import Callable

    from features.steps.doors import Codes
    from strikeplate.context import ScenarioContext
    from strikeplate.http import Answer
    from strikeplate.platforms.standard import Booking

Row = dict[str, Any]  # an access, as the API shows it

PERIOD = ("valid_from", "valid_until")
KINDS = {"one-time": "onetime"}
"""Kinds of codes that the API writes in another way than scenarios."""

MOMENT = timedelta(minutes=1)
"""An access is created within this time of the booking."""


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
    """Return whether an access is to a door, or to a key behind it."""
    name = ctx.environment.place(door).door.name
    return door_of(row["lock"]["name"]) == name


STATUS = "{name:Who}'s access is {status:AccessStatus}"


@given(step(STATUS))
@then(step(STATUS))
def access_is(ctx: ScenarioContext, name: str, status: str) -> None:
    if status in {"created", "removed"}:
        ctx.let_deliver()
    found = access(ctx, name)["status"]
    if status == "not removed":
        assert found != "removed", "it is reported removed"
    else:
        assert found == status, f"the access is {found}, not {status}"


@then(step("{name:Who} has {number:d} {active:Active} access{_:Es}"))
def so_many_accesses(ctx: ScenarioContext, name: str, number: int, active: str) -> None:
    ctx.let_deliver()
    wanted = active == "active"
    found = sum(bool(row["active"]) is wanted for row in accesses(ctx, name))
    assert found == number, f"{found} accesses are {active}, not {number}"


@when(
    step(
        'the owner makes a code of kind "{kind}" for {door:Door} from {start:At} to'
        " {end:AtOrNone}"
    )
)
def makes_by_hand(
    codes: Codes, kind: str, door: str, start: datetime, end: datetime | None
) -> None:
    ctx, environment = codes.ctx, codes.ctx.environment
    body: dict[str, Any] = {
        "lock": ctx.admin.lock_ids(ctx.link(), environment.place(door).door)[0],
        "kind": KINDS.get(kind, kind),
        "start": environment.instant(start).astimezone(environment.zone).isoformat(),
        "name": "Plumber",
    }
    if end:
        body["end"] = environment.instant(end).astimezone(environment.zone).isoformat()
    answer = ctx.record_answer(ctx.admin.make_by_hand(body))
    codes.made["the code made by hand"] = lambda: pin_of(ctx, answer)
    ctx.run_until_idle()


def pin_of(ctx: ScenarioContext, answer: Answer) -> str:
    """Return the current PIN of the access that an answer created."""
    assert answer.ok, f"{answer.status}: {answer.text}"
    row: Row = ctx.admin.access(answer.json()["id"]).json()
    assert row["pin"], f"it has no PIN: {row['status']}, {row['reason']}"
    ctx.redact.hide(row["pin"])
    return str(row["pin"])


@dataclass(frozen=True)
class Shown:
    """An access as the API shows it, and the customer whose booking it belongs to."""

    ctx: ScenarioContext
    row: Row
    name: str

    @property
    def booking(self) -> Booking:
        """The booking of the access; an access made by hand has none."""
        return self.ctx.booking(self.name)


def _next_try(shown: Shown) -> bool:
    return parse(shown.row["next_try_at"]) > shown.ctx.environment.now


def _period(shown: Shown) -> bool:
    start, end = (parse(shown.row[name]) for name in PERIOD)
    return start <= shown.booking.start and end >= shown.booking.end


def _age(shown: Shown) -> bool:
    age = shown.ctx.environment.now - parse(shown.row["created_at"])
    return timedelta() <= age <= MOMENT


def _link(shown: Shown) -> bool:
    """Say whether the link is the message's, or none where doors open without one."""
    told = shown.ctx.extras_for(shown.ctx.code(shown.name)).get("link")
    return "link" in shown.row and shown.row["link"] == told


def _place(shown: Shown) -> bool:
    """Say whether the vendor knows a name in it: the door's id, or the code's own."""
    place = shown.ctx.environment.place(shown.booking.resource)
    rows = place.world.code_rows()
    refs = {row["ref"] for row in rows if row["door"] == place.door.id and row["ref"]}
    told = shown.row["vendor_place"] or ""
    return any(name in told for name in {place.door.vendor_id, *refs})


CHECKS: dict[tuple[str, str], Callable[[Shown], bool]] = {
    ("next try", "in the future"): _next_try,
    ("period", "the whole booking"): _period,
    ("door", "what was booked"): lambda shown: is_lock_of(
        shown.ctx, shown.row, shown.booking.resource
    ),
    ("creation time", "now"): _age,
    ("PIN", "that of the message"): lambda shown: bool(
        shown.row["pin"] == shown.ctx.code(shown.name)
    ),
    ("link", "that of the message"): _link,
    ("place", "leads to the code"): _place,
}
"""Rows of a table whose right value follows from the scenario."""

TEXTS = {
    "status": "status",
    "reason": "reason",
    "notice": "notice",
    "cancelled at": "cancelled_at",
    "place": "vendor_place",
}
"""Rows of a table that name a text: `given`, `none`, or a part of it."""


def holds(shown: Shown, field: str, wanted: str) -> bool:
    """Return whether an access shows what a row of a table says."""
    if (field, wanted) in CHECKS:
        return CHECKS[field, wanted](shown)
    if field == "works until":
        until = shown.ctx.environment.instant(datetime.fromisoformat(wanted))
        return parse(shown.row["works_until"]) == until
    if field not in TEXTS:
        raise HarnessFault(f"unknown row: {field}, {wanted}")
    text = shown.row[TEXTS[field]]
    if wanted in {"given", "none"}:
        return bool(text) is (wanted == "given")
    return wanted.strip('"') in str(text)


@then(step("{which:Access} shows"))
def access_shows(
    ctx: ScenarioContext, codes: Codes, which: str, datatable: list[list[str]]
) -> None:
    name = which.removesuffix("'s access")
    if name == "the access made by hand":
        row: Row = ctx.admin.access(ctx.answer.json()["id"]).json()
    else:
        row = access(ctx, name)
        codes.made["the PIN shown"] = lambda: str(row["pin"])
    for field, wanted in datatable:
        text = f"the access, which is {row['status']}, does not show {field}: {wanted}"
        assert holds(Shown(ctx, row, name), field, wanted), text


@then(
    step(
        "a code that {name:Who} received opens {door:Door} at {at:At}, or she is told"
        " why not"
    )
)
def received_code_opens(
    ctx: ScenarioContext, name: str, door: str, at: datetime
) -> None:
    place, instant = ctx.environment.place(door), ctx.environment.instant(at)
    received = sorted(ctx.inbox.all_codes(ctx.platform.person(name)))
    tries = [ctx.environment.try_code(place, code, instant) for code in received]
    if not any(entry.opened for entry in tries):
        found = ", ".join(entry.reason for entry in tries) or "she received none"
        explained, whose = gives_reason(ctx, name), f"no code of {name}'s"
        assert explained, f"{whose} opens {door} ({found}), and none says why"


def gives_reason(ctx: ScenarioContext, name: str) -> bool:
    """Say whether a refusal was told: by the access, else by an answer or a message."""
    if not ctx.prepared:
        refused = [row for row in accesses(ctx, name) if row["status"] == "failed"]
        return any(row["reason"] for row in refused)
    mails = ctx.inbox.to(ctx.platform.person(name))
    without = [mail for mail in mails if not ctx.inbox.codes_in(mail)]
    return bool(without) or not ctx.answer.ok


@when(step("the owner opens {page:Page}"), target_fixture="listed")
def opens_page(ctx: ScenarioContext, codes: Codes, page: str) -> list[Row]:
    ctx.let_deliver()
    what, _, resource = page.partition(" of the lock of ")
    ids = []
    if resource:
        door = ctx.environment.place(resource).door
        ids = ctx.admin.lock_ids(ctx.setup_of(resource).connection, door)
    if what == "the overview":
        connection, lock = ctx.link(), {"lock": ids[0]} if ids else {}
        return all_pages(lambda cursor: ctx.admin.overview(connection, cursor, **lock))
    answer = ctx.admin.lock(ids[0])
    assert answer.ok, f"the page is not shown: {answer.status}"
    if master := answer.json()["master_code"]:
        ctx.redact.hide(master)
        codes.made["the master code"] = lambda: master
    rows: list[Row] = answer.json()["accesses"]
    return rows


@then(step("it lists {name:Who}'s code with its lock, booking, validity and status"))
def lists_code(ctx: ScenarioContext, listed: list[Row], name: str) -> None:
    booking = ctx.booking(name)
    found = [row for row in listed if row["booking"] == booking.id]
    assert len(found) == 1, f"{len(found)} rows are of {name}'s booking"
    assert found[0]["pin"] == ctx.code(name), "it lists another code"
    assert is_lock_of(ctx, found[0], booking.resource), "it names another lock"
    assert all(found[0][field] for field in PERIOD), "it lacks the validity"
    revoked = ctx.platform.is_cancelled(name) and not ctx.environment.vocabulary.final
    wanted = "removed" if revoked else "created"
    assert found[0]["status"] == wanted, f"it is {found[0]['status']}, not {wanted}"


@then(step("it lists {number:d} codes"))
def lists_so_many(listed: list[Row], number: int) -> None:
    codes = [row["pin"] for row in listed if row["pin"]]
    assert len(codes) == number, f"it lists {len(codes)} codes, not {number}"


@then(
    step(
        "the customer's view names the booking's own times, and not {one:Clock} or"
        " {other:Clock}"
    )
)
def customers_view(ctx: ScenarioContext, one: str, other: str) -> None:
    booking = ctx.platform.latest
    connection = ctx.platform.connection(booking.resource)
    answer = ctx.admin.customers_view(connection, booking.id)
    assert answer.ok, f"the customer sees nothing: {answer.status}"
    payload = answer.json()
    assert parse(payload["start"]) == booking.start, f"it starts at {payload['start']}"
    assert parse(payload["end"]) == booking.end, f"it ends at {payload['end']}"
    for time in (one, other):
        hour = booking.start.replace(hour=int(time[:2]), minute=0, second=0)
        local = hour.astimezone(ctx.environment.zone).isoformat()
        for text in (time, parse(local).strftime("T%H:%M")):
            assert text not in answer.text, f"it names {text}"
