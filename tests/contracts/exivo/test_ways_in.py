"""What a rule adds beside the link: made once, whatever goes wrong, and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.contracts.exivo.helpers import (
    END,
    HOUR,
    START,
    links_and_pins,
    one_visit,
    rows,
    visits,
)

if TYPE_CHECKING:
    from tests.contracts.integration import IntegrationEnv

BOTH = ["app", "pin_pad"]


@pytest.fixture
def door(env: IntegrationEnv) -> Any:
    """Return a door with a PIN pad behind `room`, to which both ways in are added."""
    door = env.world.add_door("exivo", keypad=True)
    env.world.data["credentials"]["exivo"]["mobile_app_id"] = "4711"
    env.connect()
    env.rule(door, options=BOTH)
    return door


def added(env: IntegrationEnv) -> tuple[int, int]:
    """Return how many invitations stand, and how many persons there are."""
    invited = [row for row in rows(env, "/digitalKeyVisits") if not row["revoked"]]
    return len(invited), len(rows(env, "/person"))


def at_the_pad(env: IntegrationEnv, door: Any, pin: str, at: Any) -> bool:
    return env.world.opens(door, pin, at)


@pytest.mark.parametrize("effect", [{"drop": True}, {"status": 500}], ids=str)
@pytest.mark.parametrize("phase", ["before", "after"])
@pytest.mark.parametrize(
    "call",
    ["visit", "digitalKeyVisits", "person", "*/pincode", "accessgroup", "*/assign/*"],
)
def test_fault_at_any_call_leaves_each_way_in_once_and_then_none(
    env: IntegrationEnv, door: Any, call: str, phase: str, effect: dict[str, Any]
) -> None:
    env.add_fault("POST", f"*/{call}", phase=phase, effect=effect, times=1)
    env.send_event("confirmed", START, END)
    env.advance(minutes=5)
    assert one_visit(env, door, START)
    assert added(env) == (1, 1)
    ((_, pin),) = links_and_pins(env)
    assert at_the_pad(env, door, pin, START)
    assert env.access().notice is None
    for method in ("POST", "DELETE"):
        env.add_fault(method, "*", phase=phase, effect=effect, times=1)
    env.send_event("cancelled", START, END)
    env.advance(minutes=5)
    assert added(env) == (0, 0)
    assert not at_the_pad(env, door, pin, START)
    assert [each.status for each in env.accesses()] == ["removed"]


@pytest.mark.parametrize("call", ["person", "digitalKeyVisits"])
def test_booking_cancelled_while_a_way_in_is_refused_for_now_leaves_no_visit(
    env: IntegrationEnv, door: Any, call: str
) -> None:
    del door
    env.add_fault("POST", f"*/{call}", effect={"status": 429}, times=1)
    env.send_event("confirmed", START, END)
    env.service.work()
    assert len(visits(env)) == 1
    env.send_event("cancelled", START, END)
    env.advance(minutes=5)
    assert visits(env) == []
    assert added(env) == (0, 0)


def test_moved_booking_takes_its_ways_in_along(env: IntegrationEnv, door: Any) -> None:
    env.send_event("confirmed", START, END)
    env.service.work()
    env.send_event("changed", START + HOUR, END + HOUR)
    env.service.work()
    assert added(env) == (1, 1)
    old, new = (pin for _, pin in links_and_pins(env))
    assert not at_the_pad(env, door, old, START + HOUR)
    assert at_the_pad(env, door, new, START + HOUR)
    assert not at_the_pad(env, door, new, START)


def test_access_group_is_made_once_for_all_bookings(
    env: IntegrationEnv, door: Any
) -> None:
    del door
    for number in range(3):
        env.send_event("confirmed", START, END, ref=f"B-{number}")
    env.service.work()
    assert len(rows(env, "/accessgroup")) == 1
    assert added(env) == (3, 3)


def test_nobody_is_named_to_the_vendor_unless_a_rule_asks_for_it(
    env: IntegrationEnv,
) -> None:
    door = env.world.add_door("exivo")
    env.connect()
    env.rule(door)
    env.send_event("confirmed", START, END)
    env.service.work()
    asked = str(env.world.call("GET", "/requests"))
    assert "/visit" in asked
    assert "ada@example.org" not in asked
    assert env.world.call("GET", "/outbox") == []
