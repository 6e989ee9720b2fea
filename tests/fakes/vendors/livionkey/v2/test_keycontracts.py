"""Contracts of the newer interface, over the same store as the older one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.vendors.livionkey.tenant import START

if TYPE_CHECKING:
    from tests.fakes.vendors.livionkey.v2.machine import Machine

CONTRACTS = "/mechanical/keycontracts"
ADA = {"name": "Ada", "email": "ada@example.org"}


def test_contract_is_made_with_a_pin_that_opens(machine: Machine) -> None:
    answer = machine.book(id="B-1")
    assert answer.status_code == 201
    (key,) = answer.json["keys"]
    assert (key["id"], key["status"], key["inHistory"]) == ("flat-1", None, False)
    assert key["storageInfo"]["automatId"] == machine.tenant.device
    assert answer.json["contact"]["notifications"]["contractCreated"] == {
        "sms": False,
        "email": False,
    }
    machine.tenant.go(START)
    assert machine.tenant.enter(key["storageInfo"]["pincode"])["key"] == "flat-1"
    (key,) = machine.call("GET", f"{CONTRACTS}/B-1").json["keys"]
    assert key["status"] == "key-fetched"


def test_both_interfaces_show_one_store(machine: Machine) -> None:
    tenant = machine.tenant
    new = machine.book("flat-2", id="B-2").json
    tenant.contract()
    listed = tenant.get(f"/devices/{tenant.device}/contracts")
    assert {each["contractId"] for each in listed} == {"B-1001", "B-2"}
    rows = machine.call("GET", CONTRACTS).json["data"]
    assert {row["id"] for row in rows} == {"B-1001", "B-2"}
    pins = {each["contractId"]: each["pincode"] for each in listed}
    assert pins["B-2"] == new["keys"][0]["storageInfo"]["pincode"]


@pytest.mark.parametrize(
    ("fields", "status", "message"),
    [
        ({"id": "B-1"}, 409, "ContractId already in use"),
        ({"id": "B-2"}, 409, "Overlapping contract existing"),
        ({"keys": [{"id": "none"}]}, 404, "KeyId not found"),
        ({"keys": []}, 400, "keys: List should have at least 1 item"),
        ({"start": "2026-11-01T00:00:00Z"}, 400, "Start time should be in the future"),
        ({"end": "2026-12-01T15:00:00Z"}, 400, "Start time should be before End time"),
        ({"end": "9999-12-31T00:00:00Z"}, 400, "end: Value error, give an instant"),
        ({"start": "0001-01-01T00:00:00+14:00"}, 400, "start: Value error"),
        ({"contact": {}}, 400, "contact.name: Field required"),
        ({"userVerification": 9}, 400, "userVerification: String should match"),
    ],
)
def test_contract_is_refused_by_status(
    machine: Machine, fields: dict[str, Any], status: int, message: str
) -> None:
    machine.book(id="B-1")
    refused = machine.book(**fields)
    assert refused.status_code == status
    assert refused.json["message"].startswith(message)


def test_pin_of_ones_own_choice_must_be_free(machine: Machine) -> None:
    place = {"pincode": "4711", "automatId": machine.tenant.device}
    machine.book(keys=[{"id": "flat-1", "storageInfo": place}])
    taken = machine.book(keys=[{"id": "flat-2", "storageInfo": place}])
    assert taken.status_code == 409
    elsewhere = [{"id": "flat-2", "storageInfo": {"automatId": "999999"}}]
    assert machine.book(keys=elsewhere).status_code == 404


def test_contract_is_extended_and_made_permanent(machine: Machine) -> None:
    machine.book(id="B-1", userVerification="1")
    path = f"{CONTRACTS}/B-1"
    longer = machine.call("PATCH", path, {"end": "2026-12-09T10:00:00Z"})
    assert longer.json["end"] == "2026-12-09T10:00:00.000Z"
    assert longer.json["userVerification"] == "1"
    forever = machine.call("PATCH", path, {"end": None, "contact": ADA})
    assert (forever.json["end"], forever.json["contact"]["name"]) == (None, "Ada")
    assert machine.call("PATCH", path, {"userVerification": 0}).status_code == 200
    pin = forever.json["keys"][0]["storageInfo"]["pincode"]
    machine.tenant.go(START)
    machine.tenant.enter(pin)
    refused = machine.call("PATCH", path, {"userVerification": "2"})
    assert refused.status_code == 400


def test_contract_is_not_deleted_while_its_key_is_out(machine: Machine) -> None:
    made = machine.book(id="B-1").json
    path, pin = f"{CONTRACTS}/B-1", made["keys"][0]["storageInfo"]["pincode"]
    machine.tenant.switch(delete_with_key_out="allowed")
    machine.tenant.go(START)
    machine.tenant.enter(pin)
    assert machine.call("DELETE", path).status_code == 400
    machine.tenant.enter(pin)
    assert machine.call("DELETE", path).status_code == 204
    for method in ("GET", "DELETE"):
        assert machine.call(method, path).status_code == 404


def test_key_status_follows_its_life(machine: Machine) -> None:
    made = machine.book(id="B-1").json
    pin = made["keys"][0]["storageInfo"]["pincode"]
    machine.book("flat-2", id="B-2")
    machine.tenant.go(START)
    machine.tenant.enter(pin)
    machine.tenant.go("2026-12-04T14:00:00Z")

    def status(ref: str) -> str:
        return str(machine.call("GET", f"{CONTRACTS}/{ref}").json["keys"][0]["status"])

    assert (status("B-1"), status("B-2")) == ("key-not-returned", "key-not-fetched")
    machine.tenant.enter("*7001")
    assert status("B-1") == "key-returned"


def test_locker_is_freed_after_fetching_on_request(machine: Machine) -> None:
    made = machine.book(id="B-1", freeLockerAfterFetch=True).json
    machine.tenant.go(START)
    machine.tenant.enter(made["keys"][0]["storageInfo"]["pincode"])
    slots = machine.tenant.change()["slots"]
    assert [slot["key"] for slot in slots] == [None, "flat-2", "flat-3", None]
    assert machine.tenant.enter("*7001")["slot"] == 0


def test_contact_gets_the_named_notices_and_no_others(machine: Machine) -> None:
    chosen = {"contractKeysNotReturned": {"email": True}}
    contact = ADA | {"sendEmail": True, "notifications": chosen}
    made = machine.book(id="B-1", contact=contact).json
    assert made["contact"]["notifications"]["contractKeysNotReturned"] == {
        "sms": False,
        "email": True,
    }
    machine.tenant.go(START)
    machine.tenant.enter(made["keys"][0]["storageInfo"]["pincode"])
    machine.tenant.go("2026-12-05T00:00:00Z")
    assert machine.tenant.outbox() == [("ada@example.org", "Key not returned")]


def test_contracts_are_listed_by_phase(machine: Machine) -> None:
    soon = {"start": "2026-12-01T10:00:00Z", "end": "2026-12-01T11:00:00Z"}
    assert machine.book("flat-1", id="first", **soon).status_code == 201
    assert machine.book("flat-2", id="later").status_code == 201

    def listed(query: str) -> list[str]:
        rows = machine.call("GET", f"/mechanical/keycontracts{query}").json["data"]
        return [each["id"] for each in rows]

    assert listed("") == listed("?future=true") == ["first", "later"]
    machine.tenant.go("2026-12-01T10:30:00Z")
    assert listed("?ongoing=true") == ["first"]
    machine.tenant.go("2026-12-01T11:00:00Z")
    assert listed("?ended=true") == ["first"]
    assert listed("?ended=true&future=true") == ["first", "later"]
    assert listed("?ongoing=true") == []
