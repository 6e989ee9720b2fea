"""A Nuki code from booking to door: made, moved, taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from service.clock import now
from tests.contracts.nuki.helpers import END, HOUR, MINUTE, START, one_working_code

if TYPE_CHECKING:
    from tests.contracts.integration import IntegrationEnv


def test_code_is_in_progress_until_the_lock_has_it(
    env: IntegrationEnv, door: Any
) -> None:
    env.send_event("confirmed", START, END)
    env.service.work()
    access = env.access()
    shown = env.api("GET", f"/api/accesses/{access.id}")
    assert (shown["status"], shown["pin"]) == ("in progress", None)
    assert "on its way to the lock" in shown["reason"]
    assert env.codes_at_door() == []
    assert env.outbox.mails == {}
    env.advance(minutes=1)
    assert one_working_code(env, door, START)
    (mail,) = env.outbox.mails.values()
    assert env.pin(env.access()) in mail.body


def test_code_opens_during_the_booking_alone(env: IntegrationEnv, door: Any) -> None:
    env.send_event("confirmed", START, END)
    env.advance(minutes=1)
    pin = env.pin(env.access())
    opens = [env.world.opens(door, pin, at) for at in (START, END - MINUTE)]
    shut = [env.world.opens(door, pin, at) for at in (START - MINUTE, END + MINUTE)]
    assert (opens, shut) == ([True, True], [False, False])


def test_cancelled_code_is_removed_once_the_lock_forgot_it(
    env: IntegrationEnv, door: Any
) -> None:
    env.send_event("confirmed", START, END)
    env.advance(minutes=1)
    pin = env.pin(env.access())
    env.send_event("cancelled", START, END)
    env.service.work()
    (access,) = env.accesses()
    assert (access.status, access.wanted) == ("created", False)
    env.advance(minutes=1)
    (access,) = env.accesses()
    assert access.status == "removed"
    assert not env.world.opens(door, pin, START)


@pytest.mark.usefixtures("door")
def test_booking_cancelled_while_its_code_is_on_the_way_leaves_none(
    env: IntegrationEnv,
) -> None:
    env.send_event("confirmed", START, END)
    env.service.work()
    env.send_event("cancelled", START, END)
    env.advance(minutes=5)
    assert env.codes_at_door() == []
    assert [each.status for each in env.accesses()] == ["removed"]
    assert env.outbox.mails == {}


def test_moved_booking_keeps_its_one_code_for_the_new_time(
    env: IntegrationEnv, door: Any
) -> None:
    env.send_event("confirmed", START, END)
    env.advance(minutes=1)
    pin = env.pin(env.access())
    env.send_event("changed", START + 5 * HOUR, END + 5 * HOUR)
    env.advance(minutes=1)
    assert env.pin(env.access()) == pin
    assert one_working_code(env, door, START + 5 * HOUR)
    assert not env.world.opens(door, pin, START)
    assert len(env.outbox.mails) == 2


@pytest.mark.usefixtures("door")
def test_booking_moved_to_another_room_has_a_code_there_alone(
    env: IntegrationEnv,
) -> None:
    other = env.world.add_door("nuki", timezone="Europe/Berlin")
    env.api("POST", f"{env.path}/locks/refresh")
    found = env.api("GET", f"{env.path}/locks")["items"]
    env.locks = {lock["vendor_id"]: lock for lock in found}
    env.rule(other, resource="studio")
    env.send_event("confirmed", START, END)
    env.advance(minutes=1)
    env.send_event("changed", START, END, resource="studio")
    env.advance(minutes=1)
    assert one_working_code(env, other, START)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"keypad": False}, "no keypad is paired"),
        ({"bluetooth_only": True}, "Bluetooth only"),
        ({"online": False}, "it is offline"),
    ],
)
def test_lock_that_cannot_be_used_is_refused_when_the_rule_is_made(
    env: IntegrationEnv, fields: dict[str, Any], reason: str
) -> None:
    door = env.world.add_door("nuki", **fields)
    env.connect()
    lock = env.locks[door["vendor_id"]]
    assert not lock["usable"]
    assert reason in lock["unusable_reason"]
    body = {"resource": "room", "locks": [lock["id"]]}
    answer = env.api("POST", f"{env.path}/rules", status=422, **body)
    assert reason in answer["detail"]


def test_token_that_may_not_see_codes_is_refused(env: IntegrationEnv) -> None:
    given = env.world.data["credentials"]["nuki"]
    base, http = given["api_url"], env.world.http
    as_owner = {"Authorization": f"Bearer {given['api_token']}"}
    (key,) = http.get(f"{base}/api/key", headers=as_owner).json()
    lesser = http.put(
        f"{base}/api/key/{key['apiKeyId']}/token",
        json={"description": "reads", "scopes": ["smartlock.readOnly"]},
        headers=as_owner,
    ).json()
    given["api_token"] = lesser["accessToken"]
    with pytest.raises(AssertionError, match=r"lacks the permission smartlock\.auth"):
        env.connect()


@pytest.mark.usefixtures("door")
def test_no_pin_is_in_a_url_or_a_reason(env: IntegrationEnv) -> None:
    env.send_event("confirmed", START, END)
    env.advance(minutes=1)
    pin = env.pin(env.access())
    rows = env.world.call("GET", "/requests")
    assert not [row for row in rows if pin in row["path"] + str(row["query"])]
    assert now() < START
