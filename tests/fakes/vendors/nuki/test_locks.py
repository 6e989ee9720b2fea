"""Locks: what the server says of them, and what it has them do."""

from __future__ import annotations

import pytest

from tests.fakes.vendors.nuki.account import SOON, Account, Row


def shown(account: Account, door: Row) -> Row:
    return dict(account.done("GET", account.lock(door)))


@pytest.mark.parametrize(
    ("kind", "device_type"),
    [("smartlock", 4), ("smartlock-2", 0), ("smartdoor", 3), ("opener", 2)],
)
def test_the_id_of_a_lock_carries_its_type(
    account: Account, kind: str, device_type: int
) -> None:
    lock = shown(account, account.add_door(kind=kind))
    assert lock["type"] == device_type
    assert lock["smartlockId"] >> 32 == device_type


def test_locks_are_listed_all_or_by_type(account: Account) -> None:
    names = ["Front", "Back", "Gate"]
    for name in names:
        account.add_door(name, kind="opener" if name == "Gate" else "smartlock")
    assert [row["name"] for row in account.done("GET", "/smartlock")] == names
    gates = account.done("GET", "/smartlock?type=2")
    assert [row["name"] for row in gates] == ["Gate"]
    own = gates[0]["authId"]
    assert account.done("GET", f"/smartlock?authId={own}") == gates


@pytest.mark.parametrize(
    ("zone", "number"),
    [
        ("Europe/Berlin", 37),
        ("Europe/Stockholm", 37),
        ("Europe/Zurich", 37),
        ("Europe/London", 40),
        ("Asia/Kolkata", 24),
        ("UTC", 65535),
    ],
)
def test_a_zone_has_the_number_of_one_that_keeps_its_time(
    account: Account, zone: str, number: int
) -> None:
    assert (
        shown(account, account.add_door(timezone=zone))["config"]["timezoneId"]
        == number
    )


@pytest.mark.parametrize(
    ("generation", "flags"), [("1", (True, False)), ("2", (False, True))]
)
def test_a_keypad_shows_in_one_of_two_flags(
    account: Account, generation: str, flags: tuple[bool, bool]
) -> None:
    account.switch(keypad_generation=generation)
    config = shown(account, account.add_door())["config"]
    assert (config["keypadPaired"], config["keypad2Paired"]) == flags


def test_a_lock_without_a_keypad_says_so(account: Account) -> None:
    door = account.add_door(keypad=False)
    config = shown(account, door)["config"]
    assert not config["keypadPaired"]
    assert not config["keypad2Paired"]
    assert account.done("GET", f"{account.lock(door)}/auth") == []


def test_the_keypad_itself_is_an_auth_of_type_3(account: Account) -> None:
    door = account.add_door()

    def types() -> list[int]:
        rows = account.done("GET", f"{account.lock(door)}/auth")
        return [row["type"] for row in rows]

    assert types() == [3]
    account.change(door, keypad=False)
    assert types() == []
    account.change(door, keypad=True)
    assert types() == [3]


def test_a_lock_that_is_away_shows_server_state_4(account: Account) -> None:
    door = account.add_door()
    assert shown(account, door)["serverState"] == 0
    account.change(door, online=False)
    assert shown(account, door)["serverState"] == 4


@pytest.mark.parametrize(("shows", "state"), [("offline", 4), ("unregistered", 1)])
def test_a_lock_that_only_phones_reach_is_never_online(
    account: Account, shows: str, state: int
) -> None:
    account.switch(bluetooth_only_lock=shows)
    door = account.add_door(bluetooth_only=True)
    account.change(door, online=True)
    assert shown(account, door)["serverState"] == state
    account.order(door)
    account.advance("P2D")
    assert account.enter(door) == "wrong-code"


def test_a_lock_that_only_phones_reach_may_not_be_listed(account: Account) -> None:
    account.switch(bluetooth_only_lock="unlisted")
    account.add_door(bluetooth_only=True)
    assert account.done("GET", "/smartlock") == []


def test_a_low_battery_shows(account: Account) -> None:
    door = account.add_door()
    account.change(door, battery=9)
    state = shown(account, door)["state"]
    assert (state["batteryCharge"], state["batteryCritical"]) == (9, True)


@pytest.mark.parametrize(
    ("path", "body", "state", "action"),
    [
        ("/action", {"action": 1}, 3, 1),
        ("/action", {"action": 3, "option": 2}, 5, 3),
        ("/action", {"action": 4}, 1, 4),
        ("/action/unlock", None, 3, 1),
        ("/action/lock", None, 1, 2),
    ],
)
def test_an_action_is_done_soon(
    account: Account, path: str, body: Row | None, state: int, action: int
) -> None:
    door = account.add_door()
    account.done("POST", account.lock(door) + path, body)
    assert shown(account, door)["operationId"]
    account.advance(SOON)
    lock = shown(account, door)
    assert "operationId" not in lock
    assert (lock["state"]["state"], lock["state"]["lastAction"]) == (state, action)
    (line,) = account.log(door)
    assert (line["action"], line["trigger"], line["source"]) == (action, 4, 0)


def test_an_action_that_meets_another_is_423(account: Account) -> None:
    door = account.add_door()
    account.done("POST", f"{account.lock(door)}/action/lock")
    assert account.refused("POST", f"{account.lock(door)}/action/lock")[0] == 423
    account.advance(SOON)
    account.done("POST", f"{account.lock(door)}/action/lock")


def test_an_unknown_action_is_refused(account: Account) -> None:
    path = f"{account.lock(account.add_door())}/action"
    assert account.refused("POST", path, {"action": 9})[0] == 400
    assert account.refused("POST", path, {})[0] == 400


@pytest.mark.parametrize("status", [204, 405])
def test_an_action_on_a_lock_that_is_away(account: Account, status: int) -> None:
    account.switch(offline_action_status=status)
    door = account.add_door()
    account.change(door, online=False)
    answer = account.call("POST", f"{account.lock(door)}/action/unlock")
    assert answer.status_code == status
    account.advance(SOON)
    account.change(door, online=True)
    assert shown(account, door)["state"]["state"] == 1


def test_an_advanced_action_answers_with_a_request_id(account: Account) -> None:
    door = account.add_door()
    content = account.done("POST", f"{account.lock(door)}/action/unlock/advanced")
    assert len(content["requestId"]) == 36
    account.advance(SOON)
    body = {"action": 2}
    assert account.done("POST", f"{account.lock(door)}/action/advanced", body)


def test_without_a_subscription_an_advanced_action_is_not_done(
    account: Account,
) -> None:
    account.switch(subscribed=False)
    door = account.add_door()
    content = account.done("POST", f"{account.lock(door)}/action/unlock/advanced")
    assert door["vendor_id"] in content["error"]
    account.advance(SOON)
    assert shown(account, door)["state"]["state"] == 1


def test_a_lock_is_renamed_without_hearing_of_it(account: Account) -> None:
    door = account.add_door()
    account.done("POST", account.lock(door), {"name": "Gate", "favorite": True})
    lock = shown(account, door)
    assert (lock["name"], lock["favorite"]) == ("Gate", True)


def test_a_lock_gets_its_zone_soon(account: Account) -> None:
    door = account.add_door()
    account.store(
        door,
        allowedFromDate="2026-12-01T00:00Z",
        allowedFromTime=720,
        allowedUntilTime=730,
    )
    assert account.probe(door, at="2026-12-01T11:00Z") == "opened"
    account.done("POST", f"{account.lock(door)}/config", {"timezoneId": 40.0})
    account.advance(SOON)
    assert shown(account, door)["config"]["timezoneId"] == 40
    assert account.probe(door, at="2026-12-01T11:00Z") == "wrong-time"
    assert account.probe(door, at="2026-12-01T12:00Z") == "opened"


def test_a_whole_config_can_be_sent_back(account: Account) -> None:
    door = account.add_door()
    config = shown(account, door)["config"] | {"ledBrightness": 5}
    account.done("POST", f"{account.lock(door)}/config", config)
    advanced = shown(account, door)["advancedConfig"] | {"autoLock": True}
    account.done("POST", f"{account.lock(door)}/advanced/config", advanced)
    account.advance(SOON)
    lock = shown(account, door)
    assert lock["config"] == config
    assert lock["advancedConfig"] == advanced


@pytest.mark.parametrize(
    ("body", "status"), [({"timezoneId": 46}, 400), ({"ledBrightness": "x"}, 422)]
)
def test_a_config_that_makes_no_sense_is_refused(
    account: Account, body: Row, status: int
) -> None:
    path = f"{account.lock(account.add_door())}/config"
    assert account.refused("POST", path, body)[0] == status


def test_what_the_web_alone_keeps_is_set_at_once(account: Account) -> None:
    door = account.add_door()
    path, body = (
        f"{account.lock(door)}/web/config",
        {"batteryWarningPerMailEnabled": True},
    )
    account.done("POST", path, body)
    account.done("POST", path, {"batteryWarningPerMailEnabled": None, "other": 1})
    assert shown(account, door)["webConfig"] == body
    assert account.refused("POST", path, [])[0] == 422


@pytest.mark.parametrize(
    ("pin", "status"), [(0, 204), (9999, 204), (10000, 400), (-1, 400), (None, 400)]
)
def test_the_admin_pin_has_four_digits(
    account: Account, pin: int | None, status: int
) -> None:
    path = f"{account.lock(account.add_door())}/admin/pin"
    assert account.call("POST", path, {"adminPin": pin}).status_code == status


def test_a_lock_off_the_account_is_gone_and_opens_all_the_same(
    account: Account,
) -> None:
    door = account.add_door()
    account.store(door)
    account.done("DELETE", account.lock(door))
    assert account.done("GET", "/smartlock") == []
    assert account.refused("GET", account.lock(door))[0] == 404
    assert account.enter(door) == "opened"
    account.change(door, online=False)
    account.change(door, online=True)
    account.advance("P1D")


@pytest.mark.parametrize("status", [403, 404])
def test_a_lock_of_somebody_else_is_not_there(account: Account, status: int) -> None:
    account.switch(unknown_lock_status=status)
    assert account.refused("GET", "/smartlock/17179869185")[0] == status
    assert account.refused("GET", "/smartlock/17179869185/auth")[0] == status


def test_jam_is_told_once_the_motor_was_blocked(account: Account) -> None:
    door = account.add_door()
    row = account.store(door)
    account.change(door, jammed=True)
    assert shown(account, door)["state"]["state"] == 1
    assert account.enter(door) == "jammed"
    account.advance(SOON)
    assert shown(account, door)["state"]["state"] == 254
    (line,) = account.log(door)
    assert (line["state"], line["authId"]) == (1, row["id"])
    assert account.row(door)["lockCount"] == 0


def test_action_at_a_jammed_lock_is_accepted_and_blocked(account: Account) -> None:
    door = account.add_door(jammed=True)
    assert (
        account.call("POST", f"{account.lock(door)}/action/unlock").status_code == 204
    )
    (ran, _) = account.advance(SOON)
    assert ran["came_to"] == "motor blocked"
    (line,) = account.log(door)
    assert (line["action"], line["trigger"], line["state"]) == (1, 4, 1)
    account.change(door, jammed=False)
    assert shown(account, door)["state"]["state"] == 254
    account.done("POST", f"{account.lock(door)}/action/unlock")
    account.advance(SOON)
    assert shown(account, door)["state"]["state"] == 3


def test_jam_may_show_in_the_log_alone(account: Account) -> None:
    account.switch(jam_shows="as-before")
    door = account.add_door(jammed=True)
    account.done("POST", f"{account.lock(door)}/action/unlock")
    account.advance(SOON)
    assert shown(account, door)["state"]["state"] == 1
    assert account.log(door)[0]["state"] == 1


def test_battery_of_the_keypad_is_told(account: Account) -> None:
    door = account.add_door(keypad_battery=20)
    assert shown(account, door)["state"]["keypadBatteryCritical"]
    account.change(door, keypad_battery=21)
    assert not shown(account, door)["state"]["keypadBatteryCritical"]
    account.change(door, keypad=False, keypad_battery=0)
    assert not shown(account, door)["state"]["keypadBatteryCritical"]


def test_jammed_lock_replaced_by_another_is_free(account: Account) -> None:
    door = account.add_door(jammed=True)
    path = f"{account.base}/doors/{door['id']}/device"
    changed = account.sim("POST", path, {"state": "replaced"})
    assert (changed["jammed"], changed["blocked"]) == (False, False)
