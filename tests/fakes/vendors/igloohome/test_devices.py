"""What the account shows: devices, homes, the master PIN; and what it has not."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.fakes.vendors.igloohome.account import RIGHT, Account

FIELDS = {
    *("id", "type", "deviceId", "deviceName", "pairedAt"),
    *("homeId", "linkedDevices", "batteryLevel", "lastSync"),
}


def test_a_device_has_every_field_and_no_null(account: Account) -> None:
    door = account.add_door("Gate", battery=77)
    listed = account.call("GET", "/devices").json
    alone = account.call("GET", f"/devices/{door['vendor_id']}").json
    assert listed == {"nextCursor": "", "payload": [alone]}
    assert alone.keys() == FIELDS
    assert None not in alone.values()
    assert alone["deviceName"] == "Gate"
    assert alone["batteryLevel"] == 77
    assert alone["linkedDevices"] == []
    assert datetime.fromisoformat(alone["lastSync"])


@pytest.mark.parametrize(
    ("fields", "device_type", "prefix"),
    [
        ({"kind": "lock"}, "Lock", "IGB2"),
        ({"kind": "lock", "keypad": False}, "Lock", "OE1X"),
        ({"kind": "keypad"}, "Keypad", "EK1X"),
        ({"kind": "padlock"}, "Padlock", "SP2X"),
        ({"kind": "keybox"}, "Keybox", "SK3E"),
        ({"kind": "bridge"}, "Bridge", "EB1X"),
    ],
)
def test_each_kind_of_door_has_its_type_and_its_letters(
    account: Account, fields: dict[str, object], device_type: str, prefix: str
) -> None:
    door = account.add_door(**fields)
    shown = account.call("GET", f"/devices/{door['vendor_id']}").json
    assert shown["type"] == device_type
    assert shown["deviceId"].startswith(prefix)


def test_a_bridge_names_the_locks_it_serves(account: Account) -> None:
    lock = account.add_door("Gate")
    bridge = account.add_door("Bridge", kind="bridge", locks=[lock["id"]])
    shown = account.call("GET", f"/devices/{bridge['vendor_id']}").json
    assert shown["linkedDevices"] == [{"type": "Lock", "deviceId": lock["vendor_id"]}]


def test_a_long_list_comes_in_pages_and_ends_with_an_empty_cursor(
    account: Account,
) -> None:
    account.switch(page_size=2)
    names = [account.add_door(f"Door {n}")["name"] for n in range(5)]
    seen, cursor = [], ""
    for expected in (2, 2, 1):
        page = account.call("GET", "/devices", query_string={"cursor": cursor}).json
        assert len(page["payload"]) == expected
        seen += [device["deviceName"] for device in page["payload"]]
        cursor = page["nextCursor"]
    assert (seen, cursor) == (names, "")


@pytest.mark.parametrize(
    "query", ["cursor=x", "cursor=-1", "cursor=9", "pageSize=0", "pageSize=x"]
)
def test_a_wrong_cursor_or_page_is_refused(account: Account, query: str) -> None:
    answer = account.call("GET", "/devices", query_string=query)
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_request")


def test_an_unknown_device_is_not_found_before_the_body_is_read(
    account: Account,
) -> None:
    for method, path in (
        ("GET", "/devices/IGB2FFFFFFFF"),
        ("GET", "/devices/IGB2FFFFFFFF/masterpin"),
        ("POST", "/devices/IGB2FFFFFFFF/algopin/hourly"),
        ("POST", "/devices/IGB2FFFFFFFF/ekey"),
        ("POST", "/devices/IGB2FFFFFFFF/jobs/bridges/EB1XFFFFFFFF"),
    ):
        answer = account.call(method, path)
        assert (answer.status_code, answer.json["error"]) == (404, "not_found")


def test_the_body_must_be_json_and_an_object(account: Account) -> None:
    path = f"/devices/{account.add_door()['vendor_id']}/algopin/hourly"
    for data, mimetype, status in (
        (b"variance=1", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
        (b"{", "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"[]", "application/json", 400),
        (b"", "application/json", 400),
    ):
        answer = account.call("POST", path, data=data, content_type=mimetype)
        assert answer.status_code == status
        assert answer.mimetype == "application/json"


def test_a_device_without_digits_of_its_own_mints_no_pin(account: Account) -> None:
    for fields in ({"kind": "bridge"}, {"keypad": False}):
        door = account.add_door(**fields)
        assert account.order(door).status_code == 400
    office = account.add_door("Office", keypad=False)
    beside = account.add_door("Office keypad", kind="keypad", locks=[office["id"]])
    pin = account.pin(beside)
    assert account.probe(beside, pin, RIGHT["startDate"]) == "opened"


def test_the_home_lists_its_devices(account: Account) -> None:
    account.add_door()
    (home,) = account.call("GET", "/properties").json["payload"]
    assert account.call("GET", f"/properties/{home['id']}").json == home
    devices = account.call("GET", f"/properties/{home['id']}/devices").json["payload"]
    assert [device["homeId"] for device in devices] == [[home["id"]]]
    assert account.call("GET", "/properties/other").status_code == 404
    assert account.call("GET", "/properties/other/devices").status_code == 404


def test_the_master_pin_opens_the_door(account: Account) -> None:
    door = account.add_door()
    answer = account.call("GET", f"/devices/{door['vendor_id']}/masterpin").json
    assert account.enter(door, answer["masterPin"]) == "opened"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/igloohome/igloohome"),
        ("DELETE", "/igloohome/igloohome/devices/{device}/algopin/{pin}"),
        ("GET", "/igloohome/igloohome/devices/{device}/algopin/{pin}"),
        ("PATCH", "/igloohome/igloohome/devices/{device}/algopin/{pin}"),
        ("DELETE", "/igloohome/igloohome/devices/{device}/algopin/hourly/{pin}"),
        ("GET", "/igloohome/igloohome/devices/{device}/algopin/hourly"),
        ("POST", "/igloohome/igloohome/devices/{device}/algopin/weekly"),
        ("POST", "/igloohome/igloohome/devices"),
        ("POST", "/igloohome/v1/locks/{device}/lockcodes"),
        ("POST", "/igloohome/v2/locks/{device}/pin/hourly"),
        ("GET", "/igloohome/oauth2/authorize"),
    ],
)
def test_what_the_interface_does_not_have_is_not_found(
    account: Account, method: str, path: str
) -> None:
    door = account.add_door()
    pin_id = account.order(door).json["pinId"]
    target = path.format(device=door["vendor_id"], pin=pin_id)
    answer = account.client.open(
        target, method=method, headers={"Authorization": f"Bearer {account.token}"}
    )
    assert answer.status_code == 404
    assert answer.mimetype == "application/json"


def test_a_guests_bluetooth_key_is_made(account: Account) -> None:
    path = f"/devices/{account.add_door()['vendor_id']}/ekey"
    body = {
        "startDate": "2026-12-01T15:20:00+01:00",
        "endDate": "2026-12-01T17:20:00+01:00",
        "permissions": ["UNLOCK"],
    }
    made = account.call("POST", path, body).json
    assert made.keys() == {"keyId", "bluetoothGuestKey"}
    for wrong in (
        {"permissions": []},
        {"permissions": ["OPEN"]},
        {"permissions": [["UNLOCK"]]},
        {"startDate": "2026-12-01T15:20:01+01:00"},
        {"endDate": "2026-12-01T15:00:00+01:00"},
        {"endDate": None},
    ):
        assert account.call("POST", path, body | wrong).status_code == 400
