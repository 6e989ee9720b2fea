"""Hanging doors and changing them: what is wrong is named."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.vendors.igloohome.account import CONTROL, Account


def refused(account: Account, method: str, path: str, **fields: Any) -> str:
    answer = account.client.open(
        account.base + path,
        method=method,
        json=fields,
        headers={"Authorization": f"Bearer {CONTROL}"},
    )
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    return str(answer.json["detail"])


def test_a_door_tells_all_about_itself_but_its_secrets(account: Account) -> None:
    content = account.add_door("Gate", clock_drift_seconds=-3, lockout_tries=2)
    assert content.keys() == {
        *("id", "vendor", "vendor_id", "name", "kind", "timezone", "online"),
        "paired",
        *("battery", "clock_drift_seconds", "keypad", "epoch"),
        *("lockout_tries", "lockout_minutes", "follows_summer_time"),
    }
    assert content["vendor"] == "igloohome"
    assert content["clock_drift_seconds"] == -3
    assert content["lockout_tries"] == 2
    assert content["lockout_minutes"] == 5


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"kind": "gate"}, "kind"),
        ({"battery": 101}, "battery"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"lockout_tries": 11}, "lockout_tries"),
        ({"colour": "red"}, "colour"),
        ({"kind": "bridge", "keypad": True}, "keypad"),
        ({"kind": "bridge", "locks": ["door-9"]}, "door-9"),
        ({"kind": "bridge", "locks": ["door-1"] * 6}, "5 at most"),
        ({"kind": "lock", "locks": ["door-1"]}, "0 at most"),
        ({"reset": True}, "reset"),
    ],
)
def test_a_wrong_field_of_a_new_door_is_named(
    account: Account, fields: dict[str, Any], named: str
) -> None:
    account.add_door("First")
    detail = refused(
        account, "POST", "/doors", vendor="igloohome", name="Gate", **fields
    )
    assert named in detail
    assert len(account.sim("GET", f"{account.base}/doors")) == 1


@pytest.mark.parametrize(
    "fields",
    [{"reset": False}, {"kind": "bridge"}, {"locks": ["door-1"]}, {"battery": "x"}],
)
def test_a_wrong_change_is_refused_and_changes_nothing(
    account: Account, fields: dict[str, Any]
) -> None:
    door = account.add_door()
    refused(account, "PATCH", f"/doors/{door['id']}", name="Other", **fields)
    assert account.sim("GET", f"{account.base}/doors/{door['id']}") == door


def test_a_new_name_is_known_to_the_cloud(account: Account) -> None:
    door = account.add_door("Old")
    account.change(door, name="New")
    shown = account.call("GET", f"/devices/{door['vendor_id']}").json
    assert shown["deviceName"] == "New"


def test_a_door_may_move_to_another_zone(account: Account) -> None:
    door = account.add_door()
    account.change(door, timezone="Asia/Kolkata")
    pin = account.pin(door, "onetime", startDate="2026-12-01T15:00:00+05:30")
    assert account.probe(door, pin, "2026-12-01T15:00:00+05:30") == "opened"


@pytest.mark.parametrize("code", ["12a4", "", "\uff11\uff12"])
def test_what_has_no_key_is_a_problem_that_does_not_repeat_it(
    account: Account, code: str
) -> None:
    door = account.add_door()
    detail = refused(account, "POST", f"/doors/{door['id']}/entries", code=code)
    assert "digits 0 to 9" in detail
    assert not code or code not in detail


def test_the_demo_world_has_a_door_of_every_sort(account: Account) -> None:
    account.base = "/_sim/worlds/demo"
    doors = account.sim("GET", f"{account.base}/doors")
    kinds = {door["kind"] for door in doors if door["vendor"] == "igloohome"}
    assert kinds == {"lock", "keypad", "padlock", "bridge"}


def test_a_restored_world_goes_on_as_if_nothing_had_been(account: Account) -> None:
    gate = account.add_door("Gate")
    bridge = account.add_door("Bridge", kind="bridge", locks=[gate["id"]])
    pin = account.pin(gate, startDate="2026-12-01T09:00:00+01:00")
    account.enter(gate, pin)
    job = account.job(gate, bridge, jobType=1).json["jobId"]
    stored = account.sim("GET", f"{account.base}/state")
    futures = []
    for _ in range(2):
        account.sim("PUT", f"{account.base}/state", stored)
        future = [account.order(gate, variance=2).json, account.advance("PT9H")]
        future += [account.job_status(job), account.enter(gate, pin)]
        futures.append([*future, account.fresh_token()])
    assert futures[0] == futures[1]
    assert futures[0][3] == "over"


def test_a_reset_world_is_as_new_with_the_same_credentials(account: Account) -> None:
    door = account.add_door()
    first = account.pin(door)
    account.sim("POST", f"{account.base}/reset")
    account.token = account.fresh_token()
    assert account.call("GET", "/devices").json["payload"] == []
    assert account.pin(account.add_door()) == first


def test_pin_that_the_app_removes_opens_no_more(account: Account) -> None:
    door = account.add_door()
    pin, at = account.pin(door), "2026-12-01T15:30:00+01:00"
    assert account.probe(door, pin, at) == "opened"
    account.change(door, app_removes=pin)
    assert account.probe(door, pin, at) != "opened"
