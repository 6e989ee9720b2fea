"""Keys and automats of the newer interface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.vendors.livionkey.tenant import START

if TYPE_CHECKING:
    from tests.fakes.vendors.livionkey.v2.machine import Machine

KEYS = "/mechanical/keys"
CONTRACTS = "/mechanical/keycontracts"


def test_key_is_added_changed_and_deleted(machine: Machine) -> None:
    storage = {"automatId": machine.tenant.device}
    body = {"id": "hut", "selectedStorage": storage, "away": True}
    made = machine.call("POST", KEYS, body)
    assert made.status_code == 201
    assert made.json["storage"] is None
    assert made.json["status"] == {"available": False}
    assert machine.call("POST", KEYS, body).status_code == 409
    changed = machine.call("PATCH", f"{KEYS}/hut", {"name": "Hut", "shared": True})
    assert (changed.json["name"], changed.json["shared"]) == ("Hut", True)
    machine.book("hut", id="B-1")
    assert machine.call("DELETE", f"{KEYS}/hut").status_code == 400
    along = {"deleteActiveContracts": True}
    assert machine.call("DELETE", f"{KEYS}/hut", along).status_code == 204
    assert machine.call("GET", f"{KEYS}/hut").status_code == 404
    assert machine.call("GET", f"{CONTRACTS}/B-1").status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"id": "hut", "selectedStorage": {"automatId": "999999"}, "away": False}, 404),
        ({"id": "hut", "selectedStorage": {"manualStorageInfo": "Shelf"}}, 400),
        ({}, 400),
    ],
)
def test_wrong_key_is_refused(
    machine: Machine, body: dict[str, Any], status: int
) -> None:
    assert machine.call("POST", KEYS, body).status_code == status


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("?search=FLAT-2", ["flat-2"]),
        ("?selectedStorage=2", []),
        ("?automatId=999999", []),
        ("?after=2", ["flat-3"]),
    ],
)
def test_keys_are_found(machine: Machine, query: str, ids: list[str]) -> None:
    rows = machine.call("GET", f"{KEYS}{query}").json["data"]
    assert [row["id"] for row in rows] == ids


def test_automats_are_listed_the_old_kind_too(machine: Machine) -> None:
    machine.tenant.add_door("Old", product="key20", keys=[])
    machine.tenant.add_door("Street", kind="keypad")
    rows = machine.call("GET", "/automats").json["data"]
    assert [row["name"] for row in rows] == ["Lobby", "Old"]
    one = machine.call("GET", f"/automats/{machine.tenant.device}").json
    assert one["lockers"][0] == {
        "lockerIndex": "0",
        "isKeyInside": True,
        "key": {"id": "flat-1", "name": "flat-1"},
    }
    assert one["timezone"] == "Europe/Stockholm"
    assert machine.call("GET", "/automats/999999").status_code == 404


def test_sent_pin_opens_what_it_would_at_the_keypad(machine: Machine) -> None:
    tenant = machine.tenant
    pin = machine.book().json["keys"][0]["storageInfo"]["pincode"]
    path = f"/automats/{tenant.device}/sendPincode"
    tenant.go(START)
    sent = machine.call("POST", path, {"pincode": pin})
    assert (sent.status_code, sent.json) == (200, {"success": True, "reason": None})
    busy = machine.call("POST", path, {"pincode": pin}).json
    assert busy == {"success": False, "reason": "AUTOMAT_BUSY"}
    assert tenant.enter("", slot=0, then="take")["key"] == "flat-1"
    assert machine.call("POST", path, {"pincode": "0000"}).json["success"] is True
    assert machine.call("POST", path, {"pincode": "x"}).status_code == 400
    tenant.change(online=False)
    lost = machine.call("POST", path, {"pincode": pin}).json
    assert lost == {"success": False, "reason": "AUTOMAT_OFFLINE"}


def test_sent_pin_can_be_taken_back(machine: Machine) -> None:
    tenant = machine.tenant
    pin = machine.book().json["keys"][0]["storageInfo"]["pincode"]
    tenant.go(START)
    path = f"/automats/{tenant.device}"
    machine.call("POST", f"{path}/sendPincode", {"pincode": pin})
    cancelled = machine.call("POST", f"{path}/cancelSendPincode", {"pincode": pin})
    assert cancelled.status_code == 200
    assert tenant.reason("", slot=0, then="take") == "shut"


def test_automat_gets_another_name_and_label(machine: Machine) -> None:
    path = f"/automats/{machine.tenant.device}"
    answer = machine.call("PATCH", path, {"name": "Hall", "label": "by the door"})
    assert answer.status_code == 200
    shown = machine.call("GET", path).json
    assert (shown["name"], shown["label"]) == ("Hall", "by the door")
    assert machine.call("PATCH", path, {"label": None}).json["label"] is None
    assert machine.call("PATCH", "/automats/999999", {}).status_code == 404


def test_group_is_made_renamed_and_deleted(machine: Machine) -> None:
    made = machine.call("POST", "/groups", {"name": "North"})
    assert made.status_code == 201
    path = f"/groups/{made.json['id']}"
    assert machine.call("PATCH", path, {"name": "South"}).json["name"] == "South"
    listed = machine.call("GET", "/groups").json["data"]
    assert listed == [{"id": made.json["id"], "name": "South"}]
    assert machine.call("DELETE", path).status_code == 204
    assert machine.call("DELETE", path).status_code == 404


def test_there_is_one_organisation_unit(machine: Machine) -> None:
    (unit,) = machine.call("GET", "/organizationUnits").json["data"]
    (key, *_) = machine.call("GET", "/mechanical/keys").json["data"]
    assert unit["id"] == key["organizationUnitId"]
