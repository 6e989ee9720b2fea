"""The owner's view: accesses, their status, and the overview of all codes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pytest_bdd import given, then, when

from features.steps.doors import expect
from features.steps.words import phrase
from strikeplate.desk import all_pages, door_of
from strikeplate.world import parse

if TYPE_CHECKING:
    from datetime import datetime

    from strikeplate.scene import Scene

Row = dict[str, Any]  # an access, as the API tells of it

PERIOD = ("valid_from", "valid_until")
MOMENT = timedelta(minutes=1)
"""A lock system that has to confirm is given so long."""


def accesses(scene: Scene, name: str) -> list[Row]:
    """Return all accesses of a customer's booking."""
    booking = scene.booked(name)
    connection = scene.platform.connection(booking.resource)
    answer = scene.desk.booking(connection, booking.id)
    assert answer.ok, f"the booking is not shown: {answer.status} {answer.text}"
    found: list[Row] = answer.json()["accesses"]
    return found


def access(scene: Scene, name: str) -> Row:
    """Return the one access of a customer's booking."""
    found = accesses(scene, name)
    assert len(found) == 1, f"{name}'s booking shows {len(found)} accesses, not 1"
    return found[0]


def is_lock_of(scene: Scene, row: Row, door: str) -> bool:
    """Say whether an access is to a door, or to what is behind it."""
    name = scene.ground.place(door).door.name
    return door_of(row["lock"]["name"]) == name


@given(phrase("{name:Who}'s access is in progress"))
@then(phrase("{name:Who}'s access is in progress"))
def access_in_progress(scene: Scene, name: str) -> None:
    status = access(scene, name)["status"]
    assert status == "in progress", f"the access is {status}, not in progress"


@given(phrase("{name:Who}'s access is {status:w}"))
@then(phrase("{name:Who}'s access is {status:w}"))
def access_is(scene: Scene, name: str, status: str) -> None:
    found = access(scene, name)["status"]
    assert found == status, f"the access is {found}, not {status}"


@then(phrase("{name:Who}'s access is not removed"))
def access_is_not_removed(scene: Scene, name: str) -> None:
    assert access(scene, name)["status"] != "removed", "it is reported removed"


@then(phrase("{name:Who} has {number:d} active access{_:Es}"))
def active_accesses(scene: Scene, name: str, number: int) -> None:
    found = sum(row["active"] for row in accesses(scene, name))
    assert found == number, f"{found} accesses are active, not {number}"


@then(phrase("{name:Who} has {number:d} inactive access{_:Es}"))
def inactive_accesses(scene: Scene, name: str, number: int) -> None:
    found = sum(not row["active"] for row in accesses(scene, name))
    assert found == number, f"{found} accesses are inactive, not {number}"


@then(phrase("{name:Who}'s access tells why"))
def access_tells_why(scene: Scene, name: str) -> None:
    assert access(scene, name)["reason"], "the access gives no reason"


@then(phrase("{name:Who}'s access tells why and when it is tried next"))
def access_tells_next(scene: Scene, name: str) -> None:
    row = access(scene, name)
    assert row["reason"], "the access gives no reason"
    assert parse(row["next_try_at"]) > scene.ground.now, "the next try is in the past"


@then(phrase('{name:Who}\'s access tells "{word}"'))
def access_tells(scene: Scene, name: str, word: str) -> None:
    reason = str(access(scene, name)["reason"])
    assert word in reason, f"the reason does not tell {word!r}: {reason}"


@then(phrase("{name:Who}'s access says that its code works until {at:At}"))
def access_works_until(scene: Scene, name: str, at: datetime) -> None:
    row, until = access(scene, name), scene.ground.instant(at)
    assert row["cancelled_at"], "it does not show that the booking was cancelled"
    assert row["notice"], "no notice says that the code still works"
    assert parse(row["works_until"]) == until, f"it says until {row['works_until']}"


@then(phrase("{name:Who}'s access says nothing of the kind"))
def access_is_plain(scene: Scene, name: str) -> None:
    row = access(scene, name)
    assert not row["notice"], f"a notice says {row['notice']!r}"
    assert not row["cancelled_at"], "it counts as cancelled"


@then(
    phrase("{name:Who}'s access shows period, door, creation time, PIN, link and place")
)
def access_shows_all(scene: Scene, name: str) -> None:
    row, booking = access(scene, name), scene.booked(name)
    assert parse(row["valid_from"]) <= booking.start, "the period begins too late"
    assert parse(row["valid_until"]) >= booking.end, "the period ends too early"
    assert is_lock_of(scene, row, booking.resource), "it names another door"
    age = scene.ground.now - parse(row["created_at"])
    assert timedelta() <= age <= MOMENT, "it was created at another time"
    assert row["pin"] == scene.code(name), "it shows another PIN than the message"
    assert row["vendor_place"], "it does not say where the vendor shows it"
    assert "link" in row, "it has no place for a link"


@then(phrase("the PIN shown opens {door:Door} at {at:At}"))
def shown_pin_opens(scene: Scene, door: str, at: datetime) -> None:
    pin = access(scene, scene.platform.latest.customer.name)["pin"]
    expect(scene, door, pin, scene.ground.instant(at), opens=True)


@then(
    phrase(
        "a code that {name:Who} was told opens {door:Door} at {at:At}, or she is told"
        " why not"
    )
)
def told_code_opens(scene: Scene, name: str, door: str, at: datetime) -> None:
    place, instant = scene.ground.place(door), scene.ground.instant(at)
    told = sorted(scene.post.all_codes(scene.platform.person(name)))
    tries = [scene.ground.try_code(place, code, instant) for code in told]
    if not any(entry.opened for entry in tries):
        refused = [row for row in accesses(scene, name) if row["status"] == "failed"]
        found = ", ".join(entry.reason for entry in tries) or "she was told none"
        assert refused, f"no code of {name}'s opens {door} ({found}), and none says why"
        assert refused[0]["reason"], "her access is refused without a reason"


@when("the owner opens the overview", target_fixture="overview")
def opens_overview(scene: Scene) -> list[Row]:
    connection = scene.link()
    return all_pages(lambda cursor: scene.desk.overview(connection, cursor))


@then(phrase("it lists {name:Who}'s code with its lock, booking, validity and status"))
def overview_lists(scene: Scene, overview: list[Row], name: str) -> None:
    booking = scene.booked(name)
    found = [row for row in overview if row["booking"] == booking.id]
    assert len(found) == 1, f"{len(found)} rows are of {name}'s booking"
    assert found[0]["pin"] == scene.code(name), "it lists another code"
    assert is_lock_of(scene, found[0], booking.resource), "it names another lock"
    assert all(found[0][field] for field in PERIOD), "it lacks the validity"
    assert found[0]["status"] == "created", f"it is {found[0]['status']}"


@then(phrase("it lists {number:d} codes"))
def overview_counts(overview: list[Row], number: int) -> None:
    codes = [row["pin"] for row in overview if row["pin"]]
    assert len(codes) == number, f"it lists {len(codes)} codes, not {number}"


@when(phrase("the owner tries to delete {name:Who}'s access"))
def tries_to_delete(scene: Scene, name: str) -> None:
    scene.asked(scene.desk.delete_access(access(scene, name)["id"]))


@then("the customer's view names the booking's own start and end")
def customers_view(scene: Scene) -> None:
    booking, told = scene.platform.latest, view(scene).json()
    assert parse(told["start"]) == booking.start, f"it starts at {told['start']}"
    assert parse(told["end"]) == booking.end, f"it ends at {told['end']}"


@then(phrase("the customer's view holds nothing of {one:Clock} or {other:Clock}"))
def customers_view_lacks(scene: Scene, one: str, other: str) -> None:
    text = view(scene).text
    zone, day = scene.ground.zone, scene.platform.latest.start
    for time in (one, other):
        hour = day.replace(hour=int(time[:2]), minute=0, second=0).astimezone(zone)
        for written in (time, parse(hour.isoformat()).strftime("T%H:%M")):
            assert written not in text, f"it names {written}"


def view(scene: Scene) -> Any:  # an Answer
    """Return what the customer sees of the latest booking."""
    booking = scene.platform.latest
    connection = scene.platform.connection(booking.resource)
    answer = scene.desk.customers_view(connection, booking.id)
    assert answer.ok, f"the customer sees nothing: {answer.status}"
    return answer
