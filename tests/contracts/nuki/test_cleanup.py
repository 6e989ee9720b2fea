"""What is over leaves the lock, so that there is room; what is not ours stays."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from service.store import accesses
from tests.contracts.nuki.helpers import (
    END,
    HOUR,
    MINUTE,
    START,
    one_working_code,
    patch,
)

if TYPE_CHECKING:
    from tests.contracts.integration import IntegrationEnv

DAY = timedelta(days=1)


def test_code_that_is_over_is_deleted_and_shown_as_history(
    env: IntegrationEnv, door: Any
) -> None:
    patch(env, door, app_adds={"code": "345678", "name": "B-1"})
    env.send_event("confirmed", START, END)
    env.send_event("confirmed", START, END + HOUR, "B-2")
    env.advance_to(END - MINUTE)
    pin = env.pin(env.access())
    assert env.world.enter(door, pin)
    env.advance_to(END + MINUTE)
    later = env.pin(env.access("B-2"))
    assert sorted(env.codes_at_door()) == sorted(["345678", later])
    shown = env.api("GET", "/api/accesses?booking=B-1")
    (row,) = shown["items"]
    assert (row["status"], row["active"], row["pin"]) == ("created", False, pin)
    assert "deleted from the lock" in row["notice"]
    assert (row["next_try_at"], row["reason"]) == (None, None)
    assert len(env.outbox.mails) == 2


@pytest.mark.parametrize("offline", ["queue", "drop"])
def test_code_that_ends_while_the_lock_is_offline_is_deleted_when_it_is_back(
    env: IntegrationEnv, door: Any, offline: str
) -> None:
    env.send_event("confirmed", START, END)
    env.advance_to(START)
    env.world.call("PATCH", "/quirks", nuki={"offline": offline})
    patch(env, door, online=False)
    env.advance_to(END + DAY)
    calls = len(env.world.call("GET", "/requests"))
    env.advance(days=1)
    assert len(env.world.call("GET", "/requests")) - calls < 25
    assert len(env.codes_at_door()) == 1
    patch(env, door, online=True)
    env.advance(hours=13)
    assert env.codes_at_door() == []


def test_code_whose_answer_was_lost_to_the_end_is_deleted_too(
    env: IntegrationEnv, door: Any
) -> None:
    env.add_fault("PUT", "*", phase="after", effect={"drop": True}, times=1)
    env.send_event("confirmed", START, END)
    env.service.work()
    for method in ("GET", "PUT", "DELETE"):
        env.add_fault(method, "*", effect={"status": 503}, ttl="PT33H")
    env.advance_to(END)
    assert len(env.codes_at_door()) == 1
    assert env.access().status == "failed"
    env.advance(hours=8)
    assert env.codes_at_door() == []
    assert env.access().status == "failed"
    assert door


def test_cancel_that_comes_after_the_end_finds_nothing_left(
    env: IntegrationEnv, door: Any
) -> None:
    env.send_event("confirmed", START, END)
    env.advance_to(START)
    patch(env, door, online=False)
    env.advance_to(END + HOUR)
    env.send_event("cancelled", START, END)
    env.advance(minutes=1)
    assert [each.status for each in env.accesses()] == ["created"]
    patch(env, door, online=True)
    env.advance(hours=7)
    assert [each.status for each in env.accesses()] == ["removed"]
    assert env.codes_at_door() == []


def test_booking_that_is_prolonged_after_its_end_has_its_code_again(
    env: IntegrationEnv, door: Any
) -> None:
    env.send_event("confirmed", START, END)
    env.advance_to(END + HOUR)
    pin = env.pin(env.access())
    assert env.codes_at_door() == []
    env.send_event("changed", START, END + 3 * HOUR)
    env.advance(minutes=1)
    assert one_working_code(env, door, END + 2 * HOUR)
    assert env.pin(env.access()) == pin


@pytest.mark.parametrize("minutes", [0, 5])
def test_booking_that_is_moved_into_the_past_leaves_no_code(
    env: IntegrationEnv, door: Any, minutes: int
) -> None:
    env.send_event("confirmed", START, END)
    env.service.work()
    env.advance(minutes=minutes)
    env.send_event("changed", START - 3 * DAY, END - 3 * DAY)
    env.advance(minutes=5)
    assert env.codes_at_door() == []
    assert env.access().status == "failed"
    assert door


def test_row_that_lingers_is_stayed_with_until_it_is_gone(
    env: IntegrationEnv, door: Any
) -> None:
    env.world.call("PATCH", "/quirks", nuki={"delete-lingers-seconds": 6 * 3600})
    env.send_event("confirmed", START, END)
    env.advance_to(END + HOUR)
    assert env.codes_at_door() == []
    assert "on its way" in (env.access().reason or "")
    env.advance(hours=12)
    assert "deleted from the lock" in (env.access().notice or "")
    assert door


def test_customers_key_stays_between_bookings_and_goes_once_it_is_idle(
    env: IntegrationEnv,
) -> None:
    door = env.world.add_door("nuki", timezone="Europe/Berlin")
    env.connect()
    env.rule(door, recurring="day")
    for number in range(2):
        at = number * 30 * DAY
        env.send_event("confirmed", START + at, END + at, f"B-{number}")
    env.advance_to(START)
    pin = env.pin(env.access("B-0"))
    env.advance_to(START + 20 * DAY)
    assert env.codes_at_door() == [pin]
    env.advance_to(START + 100 * DAY)
    assert env.codes_at_door() == [pin]
    env.advance_to(START + 119 * DAY)
    assert env.codes_at_door() == [pin]
    env.advance_to(START + 121 * DAY)
    assert env.codes_at_door() == []
    env.advance(days=1)
    store = env.service.deps.store
    assert store.read(accesses.GATEWAY.all) == []
