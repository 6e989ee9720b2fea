"""Whatever goes wrong at Nuki or on the way to the lock: one code, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

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


def test_lock_that_is_offline_for_a_day_gets_its_one_code_when_it_is_back(
    env: IntegrationEnv, door: Any
) -> None:
    patch(env, door, online=False)
    env.send_event("confirmed", START, END)
    env.advance(hours=24)
    assert env.access().status == "in progress"
    patch(env, door, online=True)
    env.advance(minutes=20)
    assert one_working_code(env, door, START)


@pytest.mark.parametrize("habit", ["queue", "drop"])
def test_booking_cancelled_while_the_lock_is_offline_ends_with_no_code(
    env: IntegrationEnv, door: Any, habit: str
) -> None:
    env.world.call("PATCH", "/quirks", nuki={"offline": habit})
    env.send_event("confirmed", START, END)
    env.advance(minutes=1)
    patch(env, door, online=False)
    env.send_event("cancelled", START, END)
    env.advance(hours=4)
    assert [each.status for each in env.accesses()] == ["created"]
    patch(env, door, online=True)
    env.advance(minutes=20)
    assert env.codes_at_door() == []
    env.advance(minutes=20)
    assert [each.status for each in env.accesses()] == ["removed"]


def test_code_that_the_lock_never_heard_of_is_not_called_created(
    env: IntegrationEnv, door: Any
) -> None:
    env.world.call("PATCH", "/quirks", nuki={"offline": "ghost"})
    patch(env, door, online=False)
    env.send_event("confirmed", START, END)
    env.advance(hours=4)
    access = env.access()
    assert access.status == "in progress"
    assert "the lock has not said so" in (access.reason or "")


def storm(env: IntegrationEnv, status: int) -> None:
    """Have every call answered so for an hour."""
    effect = {"status": status, "body": {}}
    for method in ("GET", "PUT", "POST", "DELETE"):
        env.add_fault(method, "*", effect=effect, ttl="PT1H")


@pytest.mark.parametrize("status", [423, 429, 500, 503])
def test_cloud_that_is_down_for_an_hour_is_outlasted(
    env: IntegrationEnv, door: Any, status: int
) -> None:
    storm(env, status)
    env.send_event("confirmed", START, END)
    env.advance(minutes=59)
    assert env.access().status == "in progress"
    assert str(status) in (env.access().reason or "")
    env.advance(minutes=30)
    assert one_working_code(env, door, START)
    storm(env, status)
    env.send_event("changed", START + HOUR, END + HOUR)
    env.advance(minutes=59)
    assert env.access().status == "in progress"
    env.advance(minutes=30)
    assert one_working_code(env, door, END + HOUR - MINUTE)
    storm(env, status)
    env.send_event("cancelled", START + HOUR, END + HOUR)
    env.advance(minutes=59)
    assert [each.status for each in env.accesses()] == ["created"]
    env.advance(minutes=30)
    assert env.codes_at_door() == []
    env.advance(minutes=20)
    assert [each.status for each in env.accesses()] == ["removed"]


def cancelled_while_offline(env: IntegrationEnv, door: Any, habit: str) -> str:
    """Return the PIN that is still in the lock, at the moment of a poll a day later."""
    env.api("POST", f"{env.path}/vendor-events")
    env.world.call("PATCH", "/quirks", nuki={"offline": habit})
    env.send_event("confirmed", START, END)
    env.advance(minutes=1)
    pin = env.pin(env.access())
    patch(env, door, online=False)
    env.send_event("cancelled", START, END)
    env.advance(hours=24)
    polled_at = env.next_at()
    assert polled_at is not None
    env.advance_to(polled_at)
    assert env.codes_at_door() == [pin]
    return pin


@pytest.mark.parametrize("habit", ["queue", "drop"])
def test_cancelled_code_is_dead_as_soon_as_the_lock_is_back(
    env: IntegrationEnv, door: Any, habit: str
) -> None:
    pin = cancelled_while_offline(env, door, habit)
    env.advance(minutes=5)  # Nuki has given up by then what was ordered at the poll
    patch(env, door, online=True)
    env.advance(seconds=15)
    assert not env.world.opens(door, pin, START)
    assert [each.status for each in env.accesses()] == ["removed"]


def test_deletion_that_was_under_way_when_the_lock_came_back_is_repeated_at_once(
    env: IntegrationEnv, door: Any
) -> None:
    pin = cancelled_while_offline(env, door, "drop")
    patch(env, door, online=True)
    env.advance(minutes=3)
    assert not env.world.opens(door, pin, START)
    assert [each.status for each in env.accesses()] == ["removed"]


@pytest.mark.parametrize("effect", [{"drop": True}, {"status": 500}])
@pytest.mark.parametrize("lost", ["PUT", "POST", "DELETE"])
@pytest.mark.parametrize("shows", ["wish", "confirmed"])
def test_lost_answer_makes_no_second_code(
    env: IntegrationEnv, door: Any, lost: str, effect: dict[str, Any], shows: str
) -> None:
    env.world.call("PATCH", "/quirks", nuki={"copy-shows": shows})
    env.add_fault(lost, "*", phase="after", effect=effect, times=2)
    env.send_event("confirmed", START, END)
    env.advance(minutes=5)
    assert one_working_code(env, door, START)
    env.send_event("changed", START + HOUR, END + HOUR)
    env.advance(minutes=5)
    assert one_working_code(env, door, END + HOUR - MINUTE)
    env.send_event("cancelled", START + HOUR, END + HOUR)
    env.advance(minutes=5)
    assert env.codes_at_door() == []


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
    env: IntegrationEnv, door: Any, quirks: dict[str, Any]
) -> None:
    env.world.call("PATCH", "/quirks", nuki=quirks)
    env.send_event("confirmed", START, END)
    env.advance(minutes=30)
    assert one_working_code(env, door, START)
    env.send_event("changed", START + HOUR, END + HOUR)
    env.advance(minutes=30)
    assert one_working_code(env, door, END + HOUR - MINUTE)
    env.send_event("cancelled", START + HOUR, END + HOUR)
    env.advance(minutes=90)
    assert env.codes_at_door() == []
    assert [each.status for each in env.accesses()] == ["removed"]


def test_pin_that_somebody_else_has_is_not_used(env: IntegrationEnv, door: Any) -> None:
    env.send_event("confirmed", START, END)
    env.add_fault("PUT", "*", effect={"status": 409, "body": {}}, times=1)
    env.advance(minutes=1)
    assert one_working_code(env, door, START)
