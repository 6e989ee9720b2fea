"""Doors with Nuki locks, as the control interface sees them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.fakes.vendors.nuki.account import CODE, CONTROL, SOON

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.fakes.vendors.nuki.account import Account, Row


def ask(account: Account, method: str, path: str, body: Row) -> TestResponse:
    headers = {"Authorization": f"Bearer {CONTROL}"}
    path = f"{account.base}{path}"
    return account.client.open(path, method=method, json=body, headers=headers)


def test_a_door_tells_what_it_is_and_no_code(account: Account) -> None:
    door = account.add_door()
    account.store(door)
    shown = account.change(door, name="Room")
    assert shown["vendor"] == "nuki"
    assert (shown["name"], shown["kind"], shown["keypad"]) == (
        "Room",
        "smartlock",
        True,
    )
    assert (shown["codes"], shown["capacity"]) == (1, 100)
    assert str(CODE) not in json.dumps(shown)


@pytest.mark.parametrize(
    "fields", [{"kind": "padlock"}, {"battery": 101}, {"colour": "red"}]
)
def test_a_door_that_makes_no_sense_is_refused(account: Account, fields: Row) -> None:
    body = {"vendor": "nuki", "name": "Room"} | fields
    answer = ask(account, "POST", "/doors", body)
    assert answer.status_code == 422
    assert next(iter(fields)) in answer.json["detail"]


def test_a_zone_that_there_is_not_is_refused(account: Account) -> None:
    door = account.add_door()
    for answer in (
        ask(
            account, "POST", "/doors", {"vendor": "nuki", "name": "R", "timezone": "X"}
        ),
        ask(account, "PATCH", f"/doors/{door['id']}", {"timezone": "X"}),
    ):
        assert answer.status_code == 422
        assert "Europe/Stockholm" in answer.json["detail"]


def test_an_app_cannot_delete_what_is_not_stored(account: Account) -> None:
    door = account.add_door()
    path = f"/doors/{door['id']}"
    answer = ask(account, "PATCH", path, {"app_removes": "345678"})
    assert answer.status_code == 422
    assert "345678" not in answer.text


def test_drift_and_battery_reach_the_keypad(account: Account) -> None:
    door = account.add_door()
    account.store(door, allowedFromDate="2026-12-01T11:10Z")
    at = "2026-12-01T11:10:00Z"
    assert account.probe(door, at=at) == "opened"
    account.change(door, clock_drift_seconds=-60)
    assert account.probe(door, at=at) == "early"
    account.change(door, battery=0)
    assert account.enter(door) == "no-power"
    account.change(door, battery=90, keypad=False)
    assert account.enter(door) == "no-keypad"


def test_the_doors_own_log_is_there_before_the_server_hears(account: Account) -> None:
    door = account.add_door()
    account.store(door)
    account.enter(door)
    log = account.sim("GET", f"{account.base}/doors/{door['id']}/log")
    assert [(line["what"], line["why"]) for line in log] == [("entry", "opened")]


def test_the_three_truths_name_the_auth_and_its_window(account: Account) -> None:
    door = account.add_door()
    row = account.store(door, allowedFromDate="2026-12-01T00:00Z")
    account.update(door, row, code=876543, name="Ada")
    rows = account.sim("GET", f"{account.base}/codes?door={door['id']}")
    assert {(each["truth"], each["code"]) for each in rows} == {
        ("cloud", str(CODE)),
        ("queue", "876543"),
        ("door", str(CODE)),
    }
    assert {each["ref"] for each in rows} == {row["id"]}
    assert rows[0]["valid_from"] == "2026-12-01T00:00:00Z"
    assert rows[0]["valid_until"] is None
    assert account.sim("GET", f"{account.base}/codes") == rows


def test_each_truth_tells_since_when_it_is_so(account: Account) -> None:
    door = account.add_door()
    row = account.store(door)
    account.advance("PT1M")
    account.update(door, row, code=876543, name="Ada")
    on_its_way = account.sim("GET", f"{account.base}/codes")
    assert {each["truth"]: each["since"] for each in on_its_way} == {
        "cloud": "2026-12-01T11:00:03Z",
        "queue": "2026-12-01T11:01:10Z",
        "door": "2026-12-01T11:00:03Z",
    }
    account.advance("PT1M")
    arrived = account.sim("GET", f"{account.base}/codes")
    since = {each["truth"]: each["since"] for each in arrived}
    assert since == dict.fromkeys(("cloud", "door"), "2026-12-01T11:01:13Z")


def test_a_restored_world_goes_on_as_the_stored_one_would(account: Account) -> None:
    door = account.add_door()
    account.store(door, code=876543)
    account.order(door)
    account.enter(door, 999999)
    stored = account.sim("GET", f"{account.base}/state")
    account.advance("P2D")
    account.sim("PUT", f"{account.base}/state", stored)
    assert account.sim("GET", f"{account.base}/state") == stored
    assert account.probe(door) == "wrong-code"
    account.advance(SOON)
    assert account.enter(door) == "opened"
    assert len(account.log(door)) == 1


def test_a_reset_world_has_the_same_credentials_and_ids(account: Account) -> None:
    first = account.store(account.add_door())
    account.sim("POST", f"{account.base}/reset")
    assert account.done("GET", "/smartlock") == []
    account.advance(SOON)
    again = account.store(account.add_door())
    assert again["smartlockId"] == first["smartlockId"]


def test_the_demo_world_has_nuki_doors(account: Account) -> None:
    doors = account.sim("GET", "/_sim/worlds/demo/doors")
    named = {door["name"]: door for door in doors if door["vendor"] == "nuki"}
    assert named["Rehearsal room"]["keypad"]
    assert not named["Back door"]["keypad"]


@pytest.mark.parametrize("shows", ["at-once", "when-paired"])
def test_list_says_that_the_codes_of_a_reset_lock_are_gone(
    account: Account, shows: str
) -> None:
    account.switch(reset_shows=shows)
    door = account.add_door()
    device = f"{account.base}/doors/{door['id']}/device"
    account.store(door)
    assert len(account.rows(door)) == 1
    account.sim("POST", device, {"state": "reset"})
    assert len(account.rows(door)) == (shows == "when-paired")
    assert account.done("GET", account.lock(door))["serverState"] == 4
    account.sim("POST", device, {"state": "paired"})
    assert account.rows(door) == []
    assert account.done("GET", account.lock(door))["serverState"] == 0
