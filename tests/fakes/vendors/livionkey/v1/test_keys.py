"""Keys of the older interface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.vendors.livionkey.tenant import START

if TYPE_CHECKING:
    from tests.fakes.vendors.livionkey.tenant import Tenant


def add(tenant: Tenant, **fields: Any) -> Any:
    usual = {"keyId": "flat-4", "keyName": "Flat 4", "deviceId": tenant.device}
    said = {name: each for name, each in (usual | fields).items() if each is not None}
    return tenant.call("POST", "/keys", said)


def test_keys_of_a_device_tell_their_contracts_and_backup_codes(
    tenant: Tenant,
) -> None:
    made = tenant.contract("flat-2")
    keys = {key["keyId"]: key for key in tenant.get(f"/devices/{tenant.device}/keys")}
    assert sorted(keys) == ["flat-1", "flat-2", "flat-3"]
    key = keys["flat-2"]
    assert [each["id"] for each in key["contracts"]] == [made["id"]]
    assert (key["lockerIndex"], key["shared"], key["keyCode"]) == (1, False, "7002")
    assert [len(code) for code in key["backupCodes"]] == [10, 10]


def test_new_key_gets_the_first_free_locker(tenant: Tenant) -> None:
    assert add(tenant).json == {"lockerIndex": 3}
    full = add(tenant, keyId="flat-5")
    assert (full.status_code, full.text) == (400, "no free lockers")


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"keyId": None}, "keyId is required"),
        ({"keyName": None}, "keyName is required"),
        ({"deviceId": None}, "deviceId is required"),
        ({"deviceId": "999999"}, "no such device"),
        ({"keyId": "flat-1"}, "key already exists with that keyId"),
        ({"lockerIndex": 9}, "lockerIndex is too big"),
        ({"lockerIndex": "x"}, "malformed locker index"),
        ({"lockerIndex": 0}, "no free lockers"),
    ],
)
def test_key_is_refused_in_words(
    tenant: Tenant, fields: dict[str, Any], text: str
) -> None:
    refused = add(tenant, **fields)
    assert (refused.status_code, refused.text) == (400, text)


def test_empty_body_is_refused(tenant: Tenant) -> None:
    assert tenant.call("POST", "/keys").text == "body is required"


def test_key_is_an_array_of_one_and_tells_its_status_on_demand(
    tenant: Tenant,
) -> None:
    tenant.contract()
    (key,) = tenant.get("/keys/flat-1")
    assert "keyStatus" not in key["contracts"][0]
    (key,) = tenant.get(f"/keys/flat-1?deviceId={tenant.device}&keyStatus=true")
    assert key["contracts"][0]["keyStatus"]["action"] == "key-added"


def test_status_is_the_last_event(tenant: Tenant) -> None:
    pin = tenant.contract()["pincode"]
    tenant.go(START)
    tenant.enter(pin)
    tenant.token = tenant.fresh_token()
    status = tenant.get(f"/keys/flat-1/status?deviceId={tenant.device}")
    assert (status["action"], status["sourceId"]) == ("key-fetched", tenant.device)
    assert status["data"]["after"] == {"lockerIndex": 0, "keyId": "flat-1"}
    assert status["data"]["sourceTime"] == "2026-12-01T15:00:00.000Z"


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_device_must_be_named_and_right(tenant: Tenant, method: str) -> None:
    path = "/keys/flat-1/status" if method == "GET" else "/keys/flat-1"
    missing = tenant.call(method, path)
    assert missing.text == "Missing deviceId from query parameters"
    other = tenant.add_door("Annex")["vendor_id"]
    wrong = tenant.call(method, f"{path}?deviceId={other}")
    assert (wrong.status_code, wrong.text) == (400, "no such key")
    assert tenant.call("GET", "/keys/flat-9").text == "no such key"


def test_key_is_renamed_and_moved_to_another_locker(tenant: Tenant) -> None:
    fields = {"deviceId": tenant.device, "keyName": "Flat one", "lockerIndex": 3}
    answer = tenant.call("POST", "/keys/flat-1", fields)
    assert (answer.status_code, answer.text) == (200, "Key updated")
    (key,) = tenant.get("/keys/flat-1")
    assert (key["keyName"], key["lockerIndex"]) == ("Flat one", 3)
    assert tenant.where()["slot"] == 3


def test_new_return_code_replaces_the_old_at_the_cabinet(tenant: Tenant) -> None:
    fields = {"deviceId": tenant.device, "keyCode": "8888", "shared": True}
    tenant.call("POST", "/keys/flat-1", fields)
    assert tenant.reason("*7001") == "wrong-code"
    assert tenant.reason("*8888") == "key-in"
    assert tenant.get("/keys/flat-1")[0]["shared"] is True


def test_backup_code_works_once_and_is_gone_from_the_list(tenant: Tenant) -> None:
    tenant.add_receiver()
    first, second = tenant.get("/keys/flat-1")[0]["backupCodes"]
    assert tenant.enter(first)["key"] == "flat-1"
    assert tenant.reason(first) == "wrong-code"
    assert tenant.get("/keys/flat-1")[0]["backupCodes"] == [second]
    code, fetched = tenant.events()
    assert (code["type"], code["keyId"]) == ("right-access-code", "flat-1")
    assert fetched["state"] == "key-fetched"
    assert "contractId" not in fetched


def test_new_backup_codes_void_the_old(tenant: Tenant) -> None:
    old = tenant.get("/keys/flat-1")[0]["backupCodes"]
    fields = {"deviceId": tenant.device}
    answer = tenant.call("POST", "/keys/flat-1/backupcodes", fields)
    assert answer.text == "Key backup codes updated"
    new = tenant.get("/keys/flat-1")[0]["backupCodes"]
    assert not set(old) & set(new)
    assert tenant.reason(old[0]) == "wrong-code"
    assert tenant.reason(new[0]) == "opened"


def test_removed_key_takes_its_contracts_along(tenant: Tenant) -> None:
    alone = tenant.contract("flat-1")
    devices = [{"id": tenant.device, "keyId": key} for key in ("flat-2", "flat-1")]
    both = tenant.contract(
        contractId="B-2",
        devices=devices,
        start="2027-01-01T00:00:00Z",
        end=None,
        perm=True,
    )
    answer = tenant.call("DELETE", f"/keys/flat-1?deviceId={tenant.device}")
    assert answer.text == "Key deleted"
    assert tenant.call("GET", f"/contracts/{alone['id']}").status_code == 400
    left = tenant.get(f"/contracts/{both['id']}")["devices"]
    assert [each["keyId"] for each in left] == ["flat-2"]
    assert tenant.reason(alone["pincode"]) == "wrong-code"
    assert tenant.reason("*7001") == "wrong-code"
