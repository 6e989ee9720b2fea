"""A Nuki code from booking to door: made, moved, taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from service.clock import now
from tests.contracts.nuki.room import END, HOUR, MINUTE, START, one_working_code

if TYPE_CHECKING:
    from tests.contracts.premises import Premises


def test_code_is_in_progress_until_the_lock_has_it(place: Premises, door: Any) -> None:
    place.tell("confirmed", START, END)
    place.service.work()
    access = place.access()
    shown = place.api("GET", f"/api/accesses/{access.id}")
    assert (shown["status"], shown["pin"]) == ("in progress", None)
    assert "on its way to the lock" in shown["reason"]
    assert place.at_the_door() == []
    assert place.outbox.mails == {}
    place.pass_time(minutes=1)
    assert one_working_code(place, door, START)
    (letter,) = place.outbox.mails.values()
    assert place.pin(place.access()) in letter.body


def test_code_opens_during_the_booking_alone(place: Premises, door: Any) -> None:
    place.tell("confirmed", START, END)
    place.pass_time(minutes=1)
    pin = place.pin(place.access())
    opens = [place.site.opens(door, pin, at) for at in (START, END - MINUTE)]
    shut = [place.site.opens(door, pin, at) for at in (START - MINUTE, END + MINUTE)]
    assert (opens, shut) == ([True, True], [False, False])


def test_cancelled_code_is_removed_once_the_lock_forgot_it(
    place: Premises, door: Any
) -> None:
    place.tell("confirmed", START, END)
    place.pass_time(minutes=1)
    pin = place.pin(place.access())
    place.tell("cancelled", START, END)
    place.service.work()
    (access,) = place.accesses()
    assert (access.status, access.wanted) == ("created", False)
    place.pass_time(minutes=1)
    (access,) = place.accesses()
    assert access.status == "removed"
    assert not place.site.opens(door, pin, START)


@pytest.mark.usefixtures("door")
def test_booking_cancelled_while_its_code_is_on_the_way_leaves_none(
    place: Premises,
) -> None:
    place.tell("confirmed", START, END)
    place.service.work()
    place.tell("cancelled", START, END)
    place.pass_time(minutes=5)
    assert place.at_the_door() == []
    assert [each.status for each in place.accesses()] == ["removed"]
    assert place.outbox.mails == {}


def test_moved_booking_keeps_its_one_code_for_the_new_time(
    place: Premises, door: Any
) -> None:
    place.tell("confirmed", START, END)
    place.pass_time(minutes=1)
    pin = place.pin(place.access())
    place.tell("changed", START + 5 * HOUR, END + 5 * HOUR)
    place.pass_time(minutes=1)
    assert place.pin(place.access()) == pin
    assert one_working_code(place, door, START + 5 * HOUR)
    assert not place.site.opens(door, pin, START)
    assert len(place.outbox.mails) == 2


@pytest.mark.usefixtures("door")
def test_booking_moved_to_another_room_has_a_code_there_alone(place: Premises) -> None:
    other = place.site.door("nuki", timezone="Europe/Berlin")
    place.api("POST", f"{place.path}/locks/refresh")
    found = place.api("GET", f"{place.path}/locks")["items"]
    place.locks = {lock["vendor_id"]: lock for lock in found}
    place.rule(other, resource="studio")
    place.tell("confirmed", START, END)
    place.pass_time(minutes=1)
    place.tell("changed", START, END, resource="studio")
    place.pass_time(minutes=1)
    assert one_working_code(place, other, START)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"keypad": False}, "no keypad is paired"),
        ({"bluetooth_only": True}, "Bluetooth only"),
        ({"online": False}, "it is offline"),
    ],
)
def test_lock_that_cannot_be_used_is_refused_when_the_rule_is_made(
    place: Premises, fields: dict[str, Any], reason: str
) -> None:
    door = place.site.door("nuki", **fields)
    place.connect()
    lock = place.locks[door["vendor_id"]]
    assert not lock["usable"]
    assert reason in lock["unusable_reason"]
    wish = {"resource": "room", "locks": [lock["id"]]}
    answer = place.api("POST", f"{place.path}/rules", status=422, **wish)
    assert reason in answer["detail"]


def test_token_that_may_not_see_codes_is_refused(place: Premises) -> None:
    given = place.site.world["credentials"]["nuki"]
    base, http = given["api_url"], place.site.http
    as_owner = {"Authorization": f"Bearer {given['api_token']}"}
    (key,) = http.get(f"{base}/api/key", headers=as_owner).json()
    lesser = http.put(
        f"{base}/api/key/{key['apiKeyId']}/token",
        json={"description": "reads", "scopes": ["smartlock.readOnly"]},
        headers=as_owner,
    ).json()
    given["api_token"] = lesser["accessToken"]
    with pytest.raises(AssertionError, match="lacks a permission"):
        place.connect()


@pytest.mark.usefixtures("door")
def test_no_pin_is_in_a_url_or_a_reason(place: Premises) -> None:
    place.tell("confirmed", START, END)
    place.pass_time(minutes=1)
    pin = place.pin(place.access())
    rows = place.site.ask("GET", "/requests")
    assert not [row for row in rows if pin in row["path"] + str(row["query"])]
    assert now() < START
