"""Contracts of the older interface: changed, renewed, deleted, and of other types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.vendors.livionkey.tenant import END, START

if TYPE_CHECKING:
    from tests.fakes.vendors.livionkey.tenant import Tenant

LATER = {"contractId": "B-1002", "start": END, "end": "2026-12-06T11:00:00Z"}


def test_extension_names_devices_and_no_start(tenant: Tenant) -> None:
    made = tenant.contract()
    tenant.go("2026-12-03T09:00:00Z")
    tenant.token = tenant.fresh_token()
    path = f"/contracts/{made['id']}"
    new = {"end": "2026-12-05T14:00:00Z"}
    assert tenant.call("POST", path, new).text == "No devices"
    answer = tenant.update(made, **new)
    assert (answer.status_code, answer.text) == (200, "Contract updated")
    shown = tenant.get(path)
    assert (shown["start"], shown["end"]) == (
        "2026-12-01T15:00:00.000Z",
        "2026-12-05T14:00:00.000Z",
    )
    assert shown["pincode"] == made["pincode"]
    assert tenant.update(made, start=START, **new).status_code == 200
    stale = tenant.update(made, start="2026-12-02T00:00:00Z", **new)
    assert stale.text == "Start time should be in the future"


def test_update_is_judged_like_a_new_contract(tenant: Tenant) -> None:
    made = tenant.contract(pincode="4711")
    tenant.contract(**LATER)
    tenant.contract("flat-2", contractId="B-3", pincode="4712")
    texts = [
        tenant.update(made, **fields).text
        for fields in (
            {"end": "2026-12-05T00:00:00Z"},
            {"end": START},
            {"pincode": "4712"},
            {"pincode": "4711"},
        )
    ]
    assert texts == [
        "Overlapping contract existing",
        "Start time should be before End time",
        "Pincode already used in existing contracts",
        "Contract updated",
    ]
    assert tenant.call("POST", f"/contracts/{made['id']}").text == (
        "Missing contract parameters"
    )


def test_contract_moves_to_another_key_unless_its_own_is_out(tenant: Tenant) -> None:
    made = tenant.contract()
    second = [{"id": tenant.device, "keyId": "flat-2"}]
    path = f"/contracts/{made['id']}"
    assert tenant.call("POST", path, {"devices": second}).status_code == 200
    tenant.go(START)
    tenant.token = tenant.fresh_token()
    assert tenant.enter(made["pincode"])["key"] == "flat-2"
    assert tenant.get("/keys/flat-1")[0]["contracts"] == []
    first = [{"id": tenant.device, "keyId": "flat-1"}]
    assert tenant.call("POST", path, {"devices": first}).text == "Key is fetched"


def test_new_pin_replaces_the_old_at_once(tenant: Tenant) -> None:
    made = tenant.contract()
    path = f"/contracts/{made['id']}/pincode"
    assert tenant.call("POST", path, {}).text == "No devices"
    devices = [{"id": tenant.device, "keyId": "flat-1"}]
    new = tenant.call("POST", path, {"devices": devices}).json["pincode"]
    tenant.go(START)
    assert tenant.reason(made["pincode"]) == "wrong-code"
    assert tenant.reason(new) == "opened"


def test_deleted_contract_opens_nothing_and_frees_its_reference(
    tenant: Tenant,
) -> None:
    made = tenant.contract()
    path = f"/contracts/{made['id']}"
    answer = tenant.call("DELETE", path)
    assert (answer.status_code, answer.text) == (200, "Contract deleted successfully")
    for method in ("GET", "DELETE"):
        gone = tenant.call(method, path)
        assert (gone.status_code, gone.text) == (400, "Contract not found")
    tenant.contract()
    tenant.go(START)
    assert tenant.reason(made["pincode"]) == "wrong-code"


def test_contract_is_not_deleted_while_its_key_is_out(tenant: Tenant) -> None:
    made = tenant.contract()
    tenant.go(START)
    tenant.token = tenant.fresh_token()
    tenant.enter(made["pincode"])
    refused = tenant.call("DELETE", f"/contracts/{made['id']}")
    assert (refused.status_code, refused.text) == (400, "Delete contract failed")
    tenant.enter(made["pincode"])
    assert tenant.call("DELETE", f"/contracts/{made['id']}").status_code == 200


def test_checkout_by_app_ends_the_code_while_the_key_is_out(tenant: Tenant) -> None:
    tenant.add_receiver()
    made = tenant.contract()
    tenant.go("2026-12-03T09:00:00Z")
    tenant.token = tenant.fresh_token()
    tenant.enter(made["pincode"])
    assert tenant.update(made, end="2026-12-03T09:00:00Z").status_code == 200
    assert tenant.reason(made["pincode"]) == "over"
    assert tenant.key_events() == ["key-fetched", "key-not-returned"]
    assert tenant.enter("*7001")["key"] == "flat-1"


def test_extension_before_the_notice_moves_it_and_after_it_repeats_it(
    tenant: Tenant,
) -> None:
    tenant.add_receiver()
    made = tenant.contract()
    tenant.go(START)
    tenant.enter(made["pincode"])
    tenant.go("2026-12-04T13:00:00Z")
    tenant.token = tenant.fresh_token()
    tenant.update(made, end="2026-12-04T16:00:00Z")
    tenant.go("2026-12-04T15:59:59Z")
    assert tenant.key_events() == ["key-fetched"]
    tenant.go("2026-12-04T16:00:00Z")
    assert tenant.key_events()[1:] == ["key-not-returned"]
    tenant.token = tenant.fresh_token()
    tenant.update(made, end="2026-12-04T17:00:00Z")
    tenant.go("2026-12-04T17:00:00Z")
    assert tenant.key_events()[1:] == ["key-not-returned", "key-not-returned"]


def test_fetch_contract_frees_the_locker_and_a_return_contract_brings_it_back(
    tenant: Tenant,
) -> None:
    tenant.add_receiver()
    out = tenant.contract(type="fetch", end=None)
    tenant.go(START)
    tenant.token = tenant.fresh_token()
    assert tenant.enter(out["pincode"])["key"] == "flat-1"
    assert tenant.reason(out["pincode"]) == "fetched"
    assert tenant.get("/keys/flat-1")[0]["lockerIndex"] is None
    tenant.call("DELETE", f"/contracts/{out['id']}")
    home = tenant.contract(contractId="B-2", type="return", start=None)
    tenant.go(END)
    assert tenant.key_events() == ["key-fetched", "key-not-returned"]
    assert tenant.reason(home["pincode"]) == "over"
    tenant.settle(return_grace_minutes=60)
    assert tenant.enter(home["pincode"])["key"] == "flat-1"
    last = tenant.events()[-1]
    assert (last["state"], last["contractId"]) == ("key-returned", "B-2")


def test_one_pin_serves_all_keys_of_a_contract(tenant: Tenant) -> None:
    devices = [{"id": tenant.device, "keyId": f"flat-{n}"} for n in (1, 2)]
    made = tenant.contract(devices=devices)
    tenant.go(START)
    moved = [tenant.enter(made["pincode"])["key"] for _ in range(2)]
    assert moved == ["flat-1", "flat-2"]
    assert tenant.enter(made["pincode"], then="return")["key"] == "flat-1"
