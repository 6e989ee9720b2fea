"""Devices of the older interface: two lists, lockers, and doors opened from afar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes.vendors.livionkey.tenant import START

if TYPE_CHECKING:
    from tests.fakes.vendors.livionkey.tenant import Tenant

FIRST_LOCKER = {
    "lockerIndex": "0",
    "state": "lockerWithKey",
    "isKeyInside": True,
    "key": {"id": "flat-1", "name": "flat-1"},
}


def test_list_is_an_array_of_device_ids(tenant: Tenant) -> None:
    (device,) = tenant.get("/devices")
    assert device.pop("tag").startswith("livion/key/")
    assert device == {
        "deviceId": tenant.device,
        "name": "Lobby",
        "connectionState": "connected",
        "synced": {"timestamp": "2026-12-01T09:00:00.000Z", "isSynced": True},
    }


def test_list_comes_in_pages_once_there_is_a_limit(tenant: Tenant) -> None:
    tenant.add_door("Annex", slots=1)
    page = tenant.get("/devices?limit=1&extend=lockers")
    assert page["pageInfo"] == {"start": 0, "end": 1, "hasNext": True}
    (device,) = page["devices"]
    assert (device["id"], device["product"]) == (tenant.device, "key30")
    assert device["lockers"][0] == FIRST_LOCKER
    last = tenant.get("/devices?limit=1&after=1")
    assert last["pageInfo"] == {"start": 1, "end": 2, "hasNext": False}
    assert (last["devices"][0]["name"], last["devices"][0]["product"]) == (
        "Annex",
        "keyX",
    )
    assert "lockers" not in last["devices"][0]


@pytest.mark.parametrize("query", ["limit=0", "limit=51", "limit=x", "extend=lockers"])
def test_page_has_1_to_50_rows(tenant: Tenant, query: str) -> None:
    refused = tenant.call("GET", f"/devices?{query}")
    assert (refused.status_code, refused.text) == (400, "limit must be 1 to 50")


def test_keypads_are_listed_when_asked_for_and_livionkey20_never(
    tenant: Tenant,
) -> None:
    keypad = tenant.add_door("Street", kind="keypad")
    old = tenant.add_door("Old", product="key20")
    assert len(tenant.get("/devices")) == 1
    (listed,) = tenant.get("/devices?products=keypad")
    assert listed["deviceId"] == keypad["vendor_id"]
    every = tenant.get("/devices?products[]=key30&products[]=keypad&products[]=key20")
    assert {each["name"] for each in every} == {"Lobby", "Street"}
    refused = tenant.call("GET", f"/devices/{old['vendor_id']}")
    assert (refused.status_code, refused.text) == (400, "Device not found")


def test_device_bought_later_is_there_with_the_same_token(tenant: Tenant) -> None:
    later = tenant.add_door("Annex")
    ids = [each["deviceId"] for each in tenant.get("/devices")]
    assert ids == [tenant.device, later["vendor_id"]]


def test_device_shows_its_lockers_on_demand(tenant: Tenant) -> None:
    path = f"/devices/{tenant.device}"
    assert tenant.get(path)["id"] == tenant.device
    assert "lockers" not in tenant.get(path)
    lockers = tenant.get(f"{path}?extend=lockers")["lockers"]
    assert lockers == tenant.get(f"{path}/lockers")["lockers"]
    assert lockers[0] == FIRST_LOCKER
    assert lockers[3] == {
        "lockerIndex": "3",
        "state": "emptyLocker",
        "isKeyInside": False,
        "key": None,
    }


def test_locker_of_a_key_that_is_out_is_empty(tenant: Tenant) -> None:
    pin = tenant.contract()["pincode"]
    tenant.go(START)
    tenant.token = tenant.fresh_token()
    tenant.enter(pin)
    shown = tenant.get(f"/devices/{tenant.device}/lockers/0")
    empty = {"state": "emptyLocker", "isKeyInside": False}
    assert shown == {"deviceId": tenant.device, "locker": FIRST_LOCKER | empty}


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("lockers/x", 400, "malformed locker index"),
        ("lockers/4", 404, "locker not found"),
    ],
)
def test_wrong_locker_is_refused(
    tenant: Tenant, path: str, status: int, text: str
) -> None:
    refused = tenant.call("GET", f"/devices/{tenant.device}/{path}")
    assert (refused.status_code, refused.text) == (status, text)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("", "Device not found"),
        ("/keys", "Device keys not found"),
        ("/contracts", "No devices"),
        ("/accessrights", "No devices"),
        ("/lockers", "Device not found"),
    ],
)
def test_unknown_device_is_refused_in_each_paths_words(
    tenant: Tenant, path: str, text: str
) -> None:
    refused = tenant.call("GET", f"/devices/999999{path}")
    assert (refused.status_code, refused.text) == (400, text)


def test_keypad_has_neither_keys_nor_lockers(tenant: Tenant) -> None:
    keypad = tenant.add_door("Street", kind="keypad")["vendor_id"]
    for path, text in (("keys", "Device keys not found"), ("lockers", "not supported")):
        assert tenant.call("GET", f"/devices/{keypad}/{path}").text == text
    refused = tenant.call("POST", f"/devices/{tenant.device}/unlock")
    assert (refused.status_code, refused.text) == (400, "not supported")


def test_door_opened_from_afar_lets_a_hand_in_for_half_a_minute(
    tenant: Tenant,
) -> None:
    tenant.add_receiver()
    path = f"/devices/{tenant.device}/opendoor"
    answer = tenant.call("POST", path, {"lockerIndex": "1"})
    assert (answer.status_code, answer.text) == (200, "Command sent successfuly")
    taken = tenant.enter("", slot=1, then="take")
    assert (taken["opened"], taken["key"]) == (True, "flat-2")
    (event,) = tenant.events()
    assert (event["state"], event["keyId"]) == ("key-fetched", "flat-2")
    assert "contractId" not in event
    tenant.call("POST", path, {"lockerIndex": 2})
    tenant.advance("PT30S")
    assert tenant.reason("", slot=2, then="take") == "shut"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (None, "body is required"),
        ({"slot": 1}, "lockerIndex is required"),
        ({"lockerIndex": 4}, "Locker index is too big"),
    ],
)
def test_opening_needs_a_locker(
    tenant: Tenant, body: dict[str, int] | None, text: str
) -> None:
    refused = tenant.call("POST", f"/devices/{tenant.device}/opendoor", body)
    assert (refused.status_code, refused.text) == (400, text)


def test_device_without_a_connection_hears_no_command(tenant: Tenant) -> None:
    tenant.change(online=False)
    path = f"/devices/{tenant.device}/opendoor"
    refused = tenant.call("POST", path, {"lockerIndex": 0})
    assert (refused.status_code, refused.text) == (400, "Device error")
    assert tenant.get("/devices")[0]["connectionState"] == "disconnected"


def test_keypads_door_is_unlocked_from_afar(tenant: Tenant) -> None:
    keypad = tenant.add_door("Street", kind="keypad")
    answer = tenant.call("POST", f"/devices/{keypad['vendor_id']}/unlock")
    assert (answer.status_code, answer.text) == (200, "Command sent successfuly")
    (line,) = tenant.sim("GET", f"{tenant.base}/doors/{keypad['id']}/log")
    assert (line["what"], line["kind"]) == ("opened", "afar")
