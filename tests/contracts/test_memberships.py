"""Members come and go: at every vendor that can give access for so long (EXV-02)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from service.clock import now
from service.vendors import factories, open_vendors
from tests.contracts.integration import IntegrationEnv, frozen_clock

if TYPE_CHECKING:
    from collections.abc import Iterator

MORNING = datetime(2026, 12, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)
LASTING = [name for name, vendor in open_vendors().items() if vendor.renewed_every]


clock = frozen_clock(MORNING)


@pytest.fixture(params=LASTING)
def env(request: Any, clock: Any, sqlite_url: str) -> Iterator[IntegrationEnv]:
    clock.move_to(MORNING)
    env = IntegrationEnv(clock, sqlite_url, request.param)
    yield env
    env.close()


@pytest.fixture
def door(env: IntegrationEnv) -> Any:
    """Return a door that members of `gold` may open."""
    door = env.world.add_door(env.vendor)
    env.connect()
    env.rule(door, community="gold")
    return door


def ways(env: IntegrationEnv) -> list[tuple[str, str | None]]:
    """Return PIN and link, if there is one, of every message to a member."""
    found = []
    for letter in env.outbox.mails.values():
        link = re.search(r"https?://\S+", letter.body)
        pin = re.search(r"(?m)^\d{6}$", letter.body)
        assert pin, letter.body
        found.append((pin.group(), link.group() if link else None))
    return found


def opens(env: IntegrationEnv, door: Any, at: datetime, way: int = -1) -> bool:
    pin, link = ways(env)[way]
    return env.world.opens(door, pin, at, link)


def test_member_has_access_as_long_as_the_membership(
    env: IntegrationEnv, door: Any
) -> None:
    assert env.send_membership_event("started")["status"] == "accepted"
    env.advance(minutes=1)
    shown = env.membership()
    (access,) = shown["accesses"]
    assert (access["status"], access["active"]) == ("created", True)
    assert (access["booking"], access["membership"]) == (None, "M-1")
    assert (access["resource"], access["community"]) == (None, "gold")
    assert opens(env, door, now() + 300 * DAY)
    env.send_membership_event("ended")
    env.advance(minutes=5)
    assert [each["status"] for each in env.membership()["accesses"]] == ["removed"]
    assert not opens(env, door, now())
    assert not opens(env, door, now() + 300 * DAY)


def test_access_is_renewed_before_it_ends_and_ends_for_good_with_the_membership(
    env: IntegrationEnv, door: Any
) -> None:
    env.send_membership_event("started")
    for _ in range(8):
        env.advance(days=100)
        assert opens(env, door, now())
    env.send_membership_event("ended")
    env.advance(minutes=5)
    assert not any(opens(env, door, now(), way) for way in range(len(ways(env))))
    states = {each["status"] for each in env.membership()["accesses"]}
    assert states == {"removed"}


def test_duplicates_and_latecomers_leave_one_access_and_one_message(
    env: IntegrationEnv, door: Any
) -> None:
    env.send_membership_event("started", event="evt_a", at=MORNING - DAY)
    env.advance(minutes=1)
    env.send_membership_event("started", event="evt_b", at=MORNING - 2 * DAY)
    env.send_membership_event("started", event="evt_c", at=MORNING)
    env.advance(minutes=5)
    live = [each for each in env.membership()["accesses"] if each["active"]]
    assert len(live) == 1
    assert opens(env, door, now())


def test_end_that_comes_in_before_its_start_wins(
    env: IntegrationEnv, door: Any
) -> None:
    del door
    env.send_membership_event("ended", at=MORNING)
    started = env.send_membership_event("started", at=MORNING - DAY)
    assert started["status"] == "ignored"
    assert "has ended" in started["reason"]
    env.advance(minutes=5)
    assert env.membership()["accesses"] == []
    assert env.outbox.mails == {}


def test_membership_ended_while_the_vendor_is_down_ends_when_it_is_back(
    env: IntegrationEnv, door: Any
) -> None:
    env.send_membership_event("started")
    env.advance(minutes=1)
    for method in ("GET", "POST", "PUT", "DELETE"):
        env.add_fault(method, "*", effect={"status": 503}, ttl="PT2H")
    env.send_membership_event("ended")
    env.advance(minutes=90)
    (access,) = env.membership()["accesses"]
    assert access["status"] == "created"
    assert "has not taken this code back yet" in access["notice"]
    assert access["works_until"] == access["valid_until"]
    assert env.membership()["ended_at"]
    assert opens(env, door, now())
    env.advance(minutes=90)  # a try and a look after it, 19 at most each
    (access,) = env.membership()["accesses"]
    assert (access["status"], access["notice"]) == ("removed", None)
    assert not opens(env, door, now())


def test_answer_lost_at_the_start_makes_one_access(
    env: IntegrationEnv, door: Any
) -> None:
    for method in ("POST", "PUT"):
        env.add_fault(method, "*", phase="after", effect={"drop": True}, times=1)
    env.send_membership_event("started")
    env.advance(minutes=5)
    codes = [row for row in env.world.call("GET", "/codes") if row["truth"] == "cloud"]
    assert len(codes) == 1
    assert len(ways(env)) == 1
    assert opens(env, door, now())


def test_membership_and_booking_of_one_id_never_meet(
    env: IntegrationEnv, door: Any
) -> None:
    env.rule(door, resource="gold")
    env.send_membership_event("started", "X-1")
    env.send_event(
        "confirmed", now() + DAY, now() + 2 * DAY, ref="X-1", resource="gold"
    )
    env.advance(minutes=2)
    env.send_event(
        "cancelled", now() + DAY, now() + 2 * DAY, ref="X-1", resource="gold"
    )
    env.advance(minutes=5)
    assert [each["active"] for each in env.membership("X-1")["accesses"]] == [True]
    booking = env.api("GET", f"{env.path}/bookings/X-1")
    assert [each["status"] for each in booking["accesses"]] == ["removed"]


@pytest.mark.parametrize("name", sorted(factories().keys() - set(LASTING)))
def test_vendor_whose_codes_cannot_end_with_a_membership_refuses_the_rule(
    name: str, clock: Any, sqlite_url: str
) -> None:
    clock.move_to(MORNING)
    env = IntegrationEnv(clock, sqlite_url, name)
    env.world.add_door(name)
    env.connect()
    (lock,) = env.locks.values()
    body = {"community": "gold", "locks": [lock["id"]]}
    answer = env.api("POST", f"{env.path}/rules", status=422, **body)
    assert "no access that lasts as long as a membership" in answer["detail"]
    env.close()
