"""What is over leaves the lock, so that there is room; what is not ours stays."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from service.store import accesses
from tests.contracts.nuki.room import END, HOUR, MINUTE, START, one_working_code, patch

if TYPE_CHECKING:
    from tests.contracts.premises import Premises

DAY = timedelta(days=1)


def test_code_that_is_over_is_deleted_and_shown_as_history(
    place: Premises, door: Any
) -> None:
    patch(place, door, app_adds={"code": "345678", "name": "B-1"})
    place.tell("confirmed", START, END)
    place.tell("confirmed", START, END + HOUR, "B-2")
    place.go_to(END - MINUTE)
    pin = place.pin(place.access())
    assert place.site.enter(door, pin)
    place.go_to(END + MINUTE)
    later = place.pin(place.access("B-2"))
    assert sorted(place.at_the_door()) == sorted(["345678", later])
    shown = place.api("GET", "/api/accesses?booking=B-1")
    (row,) = shown["items"]
    assert (row["status"], row["active"], row["pin"]) == ("created", False, pin)
    assert "deleted from the lock" in row["notice"]
    assert (row["next_try_at"], row["reason"]) == (None, None)
    assert len(place.outbox.mails) == 2


@pytest.mark.parametrize("offline", ["queue", "drop"])
def test_code_that_ends_while_the_lock_is_offline_is_deleted_when_it_is_back(
    place: Premises, door: Any, offline: str
) -> None:
    place.tell("confirmed", START, END)
    place.go_to(START)
    place.site.ask("PATCH", "/quirks", nuki={"offline": offline})
    patch(place, door, online=False)
    place.go_to(END + DAY)
    calls = len(place.site.ask("GET", "/requests"))
    place.pass_time(days=1)
    assert len(place.site.ask("GET", "/requests")) - calls < 25
    assert len(place.at_the_door()) == 1
    patch(place, door, online=True)
    place.pass_time(hours=13)
    assert place.at_the_door() == []


def test_code_whose_answer_was_lost_to_the_end_is_deleted_too(
    place: Premises, door: Any
) -> None:
    place.fault("PUT", "*", phase="after", effect={"drop": True}, times=1)
    place.tell("confirmed", START, END)
    place.service.work()
    for method in ("GET", "PUT", "DELETE"):
        place.fault(method, "*", effect={"status": 503}, ttl="PT33H")
    place.go_to(END)
    assert len(place.at_the_door()) == 1
    assert place.access().status == "failed"
    place.pass_time(hours=8)
    assert place.at_the_door() == []
    assert place.access().status == "failed"
    assert door


def test_cancel_that_comes_after_the_end_finds_nothing_left(
    place: Premises, door: Any
) -> None:
    place.tell("confirmed", START, END)
    place.go_to(START)
    patch(place, door, online=False)
    place.go_to(END + HOUR)
    place.tell("cancelled", START, END)
    place.pass_time(minutes=1)
    assert [each.status for each in place.accesses()] == ["created"]
    patch(place, door, online=True)
    place.pass_time(hours=7)
    assert [each.status for each in place.accesses()] == ["removed"]
    assert place.at_the_door() == []


def test_booking_that_is_prolonged_after_its_end_has_its_code_again(
    place: Premises, door: Any
) -> None:
    place.tell("confirmed", START, END)
    place.go_to(END + HOUR)
    pin = place.pin(place.access())
    assert place.at_the_door() == []
    place.tell("changed", START, END + 3 * HOUR)
    place.pass_time(minutes=1)
    assert one_working_code(place, door, END + 2 * HOUR)
    assert place.pin(place.access()) == pin


@pytest.mark.parametrize("minutes", [0, 5])
def test_booking_that_is_moved_into_the_past_leaves_no_code(
    place: Premises, door: Any, minutes: int
) -> None:
    place.tell("confirmed", START, END)
    place.service.work()
    place.pass_time(minutes=minutes)
    place.tell("changed", START - 3 * DAY, END - 3 * DAY)
    place.pass_time(minutes=5)
    assert place.at_the_door() == []
    assert place.access().status == "failed"
    assert door


def test_row_that_lingers_is_stayed_with_until_it_is_gone(
    place: Premises, door: Any
) -> None:
    place.site.ask("PATCH", "/quirks", nuki={"delete-lingers-seconds": 6 * 3600})
    place.tell("confirmed", START, END)
    place.go_to(END + HOUR)
    assert place.at_the_door() == []
    assert "on its way" in (place.access().reason or "")
    place.pass_time(hours=12)
    assert "deleted from the lock" in (place.access().notice or "")
    assert door


def test_customers_key_stays_between_bookings_and_goes_once_it_is_idle(
    place: Premises,
) -> None:
    door = place.site.door("nuki", timezone="Europe/Berlin")
    place.connect()
    place.rule(door, recurring="day")
    for number in range(2):
        at = number * 30 * DAY
        place.tell("confirmed", START + at, END + at, f"B-{number}")
    place.go_to(START)
    pin = place.pin(place.access("B-0"))
    place.go_to(START + 20 * DAY)
    assert place.at_the_door() == [pin]
    place.go_to(START + 100 * DAY)
    assert place.at_the_door() == [pin]
    place.go_to(START + 119 * DAY)
    assert place.at_the_door() == [pin]
    place.go_to(START + 121 * DAY)
    assert place.at_the_door() == []
    place.pass_time(days=1)
    store = place.service.deps.store
    assert store.read(accesses.GATEWAY.all) == []
