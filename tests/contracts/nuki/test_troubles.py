"""Whatever goes wrong at Nuki or on the way to the lock: one code, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contracts.nuki.room import END, HOUR, MINUTE, START, one_working_code, patch

if TYPE_CHECKING:
    from tests.contracts.premises import Premises


def test_lock_that_is_offline_for_a_day_gets_its_one_code_when_it_is_back(
    place: Premises, door: Any
) -> None:
    patch(place, door, online=False)
    place.tell("confirmed", START, END)
    place.pass_time(hours=24)
    assert place.access().status == "in progress"
    patch(place, door, online=True)
    place.pass_time(minutes=20)
    assert one_working_code(place, door, START)


@pytest.mark.parametrize("habit", ["queue", "drop"])
def test_booking_cancelled_while_the_lock_is_offline_ends_with_no_code(
    place: Premises, door: Any, habit: str
) -> None:
    place.site.ask("PATCH", "/quirks", nuki={"offline": habit})
    place.tell("confirmed", START, END)
    place.pass_time(minutes=1)
    patch(place, door, online=False)
    place.tell("cancelled", START, END)
    place.pass_time(hours=4)
    assert [each.status for each in place.accesses()] == ["created"]
    patch(place, door, online=True)
    place.pass_time(minutes=20)
    assert place.at_the_door() == []
    place.pass_time(minutes=20)
    assert [each.status for each in place.accesses()] == ["removed"]


def test_code_that_the_lock_never_heard_of_is_not_called_created(
    place: Premises, door: Any
) -> None:
    place.site.ask("PATCH", "/quirks", nuki={"offline": "ghost"})
    patch(place, door, online=False)
    place.tell("confirmed", START, END)
    place.pass_time(hours=4)
    access = place.access()
    assert access.status == "in progress"
    assert "the lock has not said so" in (access.reason or "")


def storm(place: Premises, status: int) -> None:
    """Have every call answered so for an hour."""
    effect = {"status": status, "body": {}}
    for method in ("GET", "PUT", "POST", "DELETE"):
        place.fault(method, "*", effect=effect, ttl="PT1H")


@pytest.mark.parametrize("status", [423, 429, 500, 503])
def test_cloud_that_is_down_for_an_hour_is_outlasted(
    place: Premises, door: Any, status: int
) -> None:
    storm(place, status)
    place.tell("confirmed", START, END)
    place.pass_time(minutes=59)
    assert place.access().status == "in progress"
    assert str(status) in (place.access().reason or "")
    place.pass_time(minutes=30)
    assert one_working_code(place, door, START)
    storm(place, status)
    place.tell("changed", START + HOUR, END + HOUR)
    place.pass_time(minutes=59)
    assert place.access().status == "in progress"
    place.pass_time(minutes=30)
    assert one_working_code(place, door, END + HOUR - MINUTE)
    storm(place, status)
    place.tell("cancelled", START + HOUR, END + HOUR)
    place.pass_time(minutes=59)
    assert [each.status for each in place.accesses()] == ["created"]
    place.pass_time(minutes=30)
    assert place.at_the_door() == []
    place.pass_time(minutes=20)
    assert [each.status for each in place.accesses()] == ["removed"]


@pytest.mark.parametrize("habit", ["queue", "drop"])
def test_cancelled_code_is_dead_as_soon_as_the_lock_is_back(
    place: Premises, door: Any, habit: str
) -> None:
    place.api("POST", f"{place.path}/vendor-events")
    place.site.ask("PATCH", "/quirks", nuki={"offline": habit})
    place.tell("confirmed", START, END)
    place.pass_time(minutes=1)
    pin = place.pin(place.access())
    patch(place, door, online=False)
    place.tell("cancelled", START, END)
    place.pass_time(hours=25)
    assert place.at_the_door() == [pin]
    patch(place, door, online=True)
    place.pass_time(seconds=15)
    assert not place.site.opens(door, pin, START)
    assert [each.status for each in place.accesses()] == ["removed"]


@pytest.mark.parametrize("effect", [{"drop": True}, {"status": 500}])
@pytest.mark.parametrize("lost", ["PUT", "POST", "DELETE"])
@pytest.mark.parametrize("shows", ["wish", "confirmed"])
def test_lost_answer_makes_no_second_code(
    place: Premises, door: Any, lost: str, effect: dict[str, Any], shows: str
) -> None:
    place.site.ask("PATCH", "/quirks", nuki={"copy-shows": shows})
    place.fault(lost, "*", phase="after", effect=effect, times=2)
    place.tell("confirmed", START, END)
    place.pass_time(minutes=5)
    assert one_working_code(place, door, START)
    place.tell("changed", START + HOUR, END + HOUR)
    place.pass_time(minutes=5)
    assert one_working_code(place, door, END + HOUR - MINUTE)
    place.tell("cancelled", START + HOUR, END + HOUR)
    place.pass_time(minutes=5)
    assert place.at_the_door() == []


@pytest.mark.parametrize(
    "quirks",
    [
        {"copy-shows": "confirmed"},
        {"rapid-updates": "one-is-lost"},
        {"code-shape": "array"},
        {"failure-shows": "error", "offline": "drop"},
        {"limited-by": "from-date-and-weekdays"},
        {"limited-by": "any"},
        {"delivery-seconds": 90},
        {"delivery-loss": 0.5},
        {"delete-lingers-seconds": 3600},
    ],
    ids=str,
)
def test_whatever_the_vendor_does_there_is_one_code_and_then_none(
    place: Premises, door: Any, quirks: dict[str, Any]
) -> None:
    place.site.ask("PATCH", "/quirks", nuki=quirks)
    place.tell("confirmed", START, END)
    place.pass_time(minutes=30)
    assert one_working_code(place, door, START)
    place.tell("changed", START + HOUR, END + HOUR)
    place.pass_time(minutes=30)
    assert one_working_code(place, door, END + HOUR - MINUTE)
    place.tell("cancelled", START + HOUR, END + HOUR)
    place.pass_time(minutes=90)
    assert place.at_the_door() == []
    assert [each.status for each in place.accesses()] == ["removed"]


def test_pin_that_somebody_else_has_is_not_used(place: Premises, door: Any) -> None:
    place.tell("confirmed", START, END)
    place.fault("PUT", "*", effect={"status": 409, "body": {}}, times=1)
    place.pass_time(minutes=1)
    assert one_working_code(place, door, START)
