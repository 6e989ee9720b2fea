"""Members come and go: at every vendor that can give access for so long (EXV-02)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from service.clock import now
from service.vendors import factories, open_vendors
from tests.contracts.premises import Premises, standing

if TYPE_CHECKING:
    from collections.abc import Iterator

MORNING = datetime(2026, 12, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)
LASTING = [name for name, vendor in open_vendors().items() if vendor.renewed_every]


still = standing(MORNING)


@pytest.fixture(params=LASTING)
def place(request: Any, still: Any, sqlite_url: str) -> Iterator[Premises]:
    still.move_to(MORNING)
    place = Premises(still, sqlite_url, request.param)
    yield place
    place.close()


@pytest.fixture
def door(place: Premises) -> Any:
    """Return a door that members of `gold` may open."""
    door = place.site.door(place.vendor)
    place.connect()
    place.rule(door, community="gold")
    return door


def ways(place: Premises) -> list[tuple[str, str | None]]:
    """Return PIN and link, if there is one, of every message to a member."""
    found = []
    for letter in place.outbox.mails.values():
        link = re.search(r"https?://\S+", letter.body)
        pin = re.search(r"(?m)^\d{6}$", letter.body)
        assert pin, letter.body
        found.append((pin.group(), link.group() if link else None))
    return found


def opens(place: Premises, door: Any, at: datetime, way: int = -1) -> bool:
    pin, link = ways(place)[way]
    return place.site.opens(door, pin, at, link)


def test_member_has_access_as_long_as_the_membership(
    place: Premises, door: Any
) -> None:
    assert place.member("started")["status"] == "accepted"
    place.pass_time(minutes=1)
    shown = place.membership()
    (access,) = shown["accesses"]
    assert (access["status"], access["active"]) == ("created", True)
    assert (access["booking"], access["membership"]) == (None, "M-1")
    assert (access["resource"], access["community"]) == (None, "gold")
    assert opens(place, door, now() + 300 * DAY)
    place.member("ended")
    place.pass_time(minutes=5)
    assert [each["status"] for each in place.membership()["accesses"]] == ["removed"]
    assert not opens(place, door, now())
    assert not opens(place, door, now() + 300 * DAY)


def test_access_is_renewed_before_it_ends_and_ends_for_good_with_the_membership(
    place: Premises, door: Any
) -> None:
    place.member("started")
    for _ in range(8):
        place.pass_time(days=100)
        assert opens(place, door, now())
    place.member("ended")
    place.pass_time(minutes=5)
    assert not any(opens(place, door, now(), way) for way in range(len(ways(place))))
    states = {each["status"] for each in place.membership()["accesses"]}
    assert states == {"removed"}


def test_duplicates_and_latecomers_leave_one_access_and_one_message(
    place: Premises, door: Any
) -> None:
    place.member("started", event="evt_a", at=MORNING)
    place.pass_time(minutes=1)
    place.member("started", event="evt_b", at=MORNING - DAY)
    place.member("started", event="evt_c", at=MORNING + DAY)
    place.pass_time(minutes=5)
    live = [each for each in place.membership()["accesses"] if each["active"]]
    assert len(live) == 1
    assert opens(place, door, now())


def test_end_that_comes_in_before_its_start_wins(place: Premises, door: Any) -> None:
    del door
    place.member("ended", at=MORNING + DAY)
    started = place.member("started", at=MORNING)
    assert started["status"] == "ignored"
    assert "has ended" in started["reason"]
    place.pass_time(minutes=5)
    assert place.membership()["accesses"] == []
    assert place.outbox.mails == {}


def test_membership_ended_while_the_vendor_is_down_ends_when_it_is_back(
    place: Premises, door: Any
) -> None:
    place.member("started")
    place.pass_time(minutes=1)
    for method in ("GET", "POST", "PUT", "DELETE"):
        place.fault(method, "*", effect={"status": 503}, ttl="PT2H")
    place.member("ended")
    place.pass_time(minutes=90)
    (access,) = place.membership()["accesses"]
    assert access["status"] == "created"
    assert "has not taken this code back yet" in access["notice"]
    assert access["works_until"] == access["valid_until"]
    assert place.membership()["ended_at"]
    assert opens(place, door, now())
    place.pass_time(minutes=90)  # a try and a look after it, 19 at most each
    (access,) = place.membership()["accesses"]
    assert (access["status"], access["notice"]) == ("removed", None)
    assert not opens(place, door, now())


def test_answer_lost_at_the_start_makes_one_access(place: Premises, door: Any) -> None:
    for method in ("POST", "PUT"):
        place.fault(method, "*", phase="after", effect={"drop": True}, times=1)
    place.member("started")
    place.pass_time(minutes=5)
    codes = [row for row in place.site.ask("GET", "/codes") if row["truth"] == "cloud"]
    assert len(codes) == 1
    assert len(ways(place)) == 1
    assert opens(place, door, now())


def test_membership_and_booking_of_one_id_never_meet(
    place: Premises, door: Any
) -> None:
    place.rule(door, resource="gold")
    place.member("started", "X-1")
    place.tell("confirmed", now() + DAY, now() + 2 * DAY, ref="X-1", resource="gold")
    place.pass_time(minutes=2)
    place.tell("cancelled", now() + DAY, now() + 2 * DAY, ref="X-1", resource="gold")
    place.pass_time(minutes=5)
    assert [each["active"] for each in place.membership("X-1")["accesses"]] == [True]
    booking = place.api("GET", f"{place.path}/bookings/X-1")
    assert [each["status"] for each in booking["accesses"]] == ["removed"]


@pytest.mark.parametrize("name", sorted(factories().keys() - set(LASTING)))
def test_vendor_whose_codes_cannot_end_with_a_membership_refuses_the_rule(
    name: str, still: Any, sqlite_url: str
) -> None:
    still.move_to(MORNING)
    place = Premises(still, sqlite_url, name)
    place.site.door(name)
    place.connect()
    (lock,) = place.locks.values()
    wish = {"community": "gold", "locks": [lock["id"]]}
    answer = place.api("POST", f"{place.path}/rules", status=422, **wish)
    assert "no access that lasts as long as a membership" in answer["detail"]
    place.close()
