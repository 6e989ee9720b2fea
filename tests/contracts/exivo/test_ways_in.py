"""What a rule adds beside the link: made once, whatever goes wrong, and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contracts.exivo.house import (
    END,
    HOUR,
    START,
    letters,
    one_visit,
    rows,
    visits,
)

if TYPE_CHECKING:
    from tests.contracts.premises import Premises

BOTH = ["app", "pin_pad"]


@pytest.fixture
def door(place: Premises) -> Any:
    """Return a door with a PIN pad behind `room`, to which both ways in are added."""
    door = place.site.door("exivo", keypad=True)
    place.site.world["credentials"]["exivo"]["mobile_app_id"] = "4711"
    place.connect()
    place.rule(door, options=BOTH)
    return door


def added(place: Premises) -> tuple[int, int]:
    """Return how many invitations stand, and how many persons there are."""
    invited = [row for row in rows(place, "/digitalKeyVisits") if not row["revoked"]]
    return len(invited), len(rows(place, "/person"))


def at_the_pad(place: Premises, door: Any, pin: str, at: Any) -> bool:
    return place.site.opens(door, pin, at)


@pytest.mark.parametrize("effect", [{"drop": True}, {"status": 500}], ids=str)
@pytest.mark.parametrize("phase", ["before", "after"])
@pytest.mark.parametrize(
    "call",
    ["visit", "digitalKeyVisits", "person", "*/pincode", "accessgroup", "*/assign/*"],
)
def test_fault_at_any_call_leaves_each_way_in_once_and_then_none(
    place: Premises, door: Any, call: str, phase: str, effect: dict[str, Any]
) -> None:
    place.fault("POST", f"*/{call}", phase=phase, effect=effect, times=1)
    place.tell("confirmed", START, END)
    place.pass_time(minutes=5)
    assert one_visit(place, door, START)
    assert added(place) == (1, 1)
    ((_, pin),) = letters(place)
    assert at_the_pad(place, door, pin, START)
    assert place.access().notice is None
    for method in ("POST", "DELETE"):
        place.fault(method, "*", phase=phase, effect=effect, times=1)
    place.tell("cancelled", START, END)
    place.pass_time(minutes=5)
    assert added(place) == (0, 0)
    assert not at_the_pad(place, door, pin, START)
    assert [each.status for each in place.accesses()] == ["removed"]


@pytest.mark.parametrize("call", ["person", "digitalKeyVisits"])
def test_booking_cancelled_while_a_way_in_is_refused_for_now_leaves_no_visit(
    place: Premises, door: Any, call: str
) -> None:
    del door
    place.fault("POST", f"*/{call}", effect={"status": 429}, times=1)
    place.tell("confirmed", START, END)
    place.service.work()
    assert len(visits(place)) == 1
    place.tell("cancelled", START, END)
    place.pass_time(minutes=5)
    assert visits(place) == []
    assert added(place) == (0, 0)


def test_moved_booking_takes_its_ways_in_along(place: Premises, door: Any) -> None:
    place.tell("confirmed", START, END)
    place.service.work()
    place.tell("changed", START + HOUR, END + HOUR)
    place.service.work()
    assert added(place) == (1, 1)
    old, new = (pin for _, pin in letters(place))
    assert not at_the_pad(place, door, old, START + HOUR)
    assert at_the_pad(place, door, new, START + HOUR)
    assert not at_the_pad(place, door, new, START)


def test_access_group_is_made_once_for_all_bookings(place: Premises, door: Any) -> None:
    del door
    for number in range(3):
        place.tell("confirmed", START, END, ref=f"B-{number}")
    place.service.work()
    assert len(rows(place, "/accessgroup")) == 1
    assert added(place) == (3, 3)


def test_nobody_is_named_to_the_vendor_unless_a_rule_asks_for_it(
    place: Premises,
) -> None:
    door = place.site.door("exivo")
    place.connect()
    place.rule(door)
    place.tell("confirmed", START, END)
    place.service.work()
    asked = str(place.site.ask("GET", "/requests"))
    assert "/visit" in asked
    assert "ada@example.org" not in asked
    assert place.site.ask("GET", "/outbox") == []
