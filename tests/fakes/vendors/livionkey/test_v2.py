"""The newer interface: signed calls over the same keys, contracts and cabinets."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pytest

from tests.fakes.vendors.livionkey import machine as machines
from tests.fakes.vendors.livionkey.tenant import START

if TYPE_CHECKING:
    from tests.fakes.vendors.livionkey.machine import Machine
    from tests.fakes.vendors.livionkey.tenant import Tenant

KEYS = "/mechanical/keys"
CONTRACTS = "/mechanical/keycontracts"
ADA = {"name": "Ada", "email": "ada@example.org"}


@pytest.fixture
def machine(tenant: Tenant) -> Machine:
    return machines.make(tenant)


def test_signed_call_is_answered(machine: Machine) -> None:
    answer = machine.call("GET", f"{KEYS}?limit=2&selectedStorage=1")
    assert answer.status_code == 200
    assert answer.json["data"][0] == {
        "id": "flat-1",
        "name": "flat-1",
        "organizationUnitId": answer.json["data"][0]["organizationUnitId"],
        "rfidHex": None,
        "selectedStorage": {"automatId": machine.tenant.device},
        "storage": {"automatId": machine.tenant.device},
        "targetStorage": {"automatId": machine.tenant.device},
        "status": {"available": True},
        "shared": False,
    }
    page = {name: answer.json[name] for name in ("after", "limit", "hasNext")}
    assert page == {"after": "2", "limit": 2, "hasNext": True}


@pytest.mark.parametrize(
    ("spoilt", "message"),
    [
        ({"x_signature": "AAAA"}, "x-signature is wrong"),
        ({"x_signature": "not base64!"}, "x-signature is wrong"),
        ({"x_signature": ""}, "x-signature is wrong"),
        ({"x_timestamp": ""}, "x-timestamp is missing"),
        ({"x_timestamp": "1764579600000"}, "x-timestamp is too far away"),
        ({"x_service_account_id": "nobody"}, "Unauthorized"),
    ],
)
def test_badly_signed_call_is_turned_away(
    machine: Machine, spoilt: dict[str, str], message: str
) -> None:
    refused = machine.call("GET", KEYS, **spoilt)
    assert (refused.status_code, refused.json["message"]) == (401, message)


def test_signature_covers_method_path_query_and_body(machine: Machine) -> None:
    client = machine.tenant.client
    for method, path, text in (
        ("POST", KEYS, ""),
        ("GET", f"{KEYS}?limit=1", ""),
        ("GET", "/automats", ""),
        ("GET", KEYS, "{}"),
    ):
        headers = machine.headers("GET", KEYS, "")
        url = f"/livionkey/v2{path}"
        refused = client.open(url, method=method, data=text, headers=headers)
        assert refused.status_code == 401


@pytest.mark.parametrize(
    ("late", "status"), [(-300, 200), (300, 200), (-301, 401), (301, 401)]
)
def test_timestamp_may_be_five_minutes_off(
    machine: Machine, late: int, status: int
) -> None:
    headers = machine.headers("GET", KEYS, "", machine.now() + late * 1000)
    answer = machine.tenant.client.get(f"/livionkey/v2{KEYS}", headers=headers)
    assert answer.status_code == status


def test_token_of_the_older_interface_is_worth_nothing_here(tenant: Tenant) -> None:
    assert tenant.call("GET", "/v2/mechanical/keys").status_code == 401


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


def test_key_is_added_changed_and_deleted(machine: Machine) -> None:
    storage = {"automatId": machine.tenant.device}
    wish = {"id": "hut", "selectedStorage": storage, "away": True}
    made = machine.call("POST", KEYS, wish)
    assert made.status_code == 201
    assert made.json["storage"] is None
    assert made.json["status"] == {"available": False}
    assert machine.call("POST", KEYS, wish).status_code == 409
    changed = machine.call("PATCH", f"{KEYS}/hut", {"name": "Hut", "shared": True})
    assert (changed.json["name"], changed.json["shared"]) == ("Hut", True)
    machine.book("hut", id="B-1")
    assert machine.call("DELETE", f"{KEYS}/hut").status_code == 400
    along = {"deleteActiveContracts": True}
    assert machine.call("DELETE", f"{KEYS}/hut", along).status_code == 204
    assert machine.call("GET", f"{KEYS}/hut").status_code == 404
    assert machine.call("GET", f"{CONTRACTS}/B-1").status_code == 404


@pytest.mark.parametrize(
    ("wish", "status"),
    [
        ({"id": "hut", "selectedStorage": {"automatId": "999999"}, "away": False}, 404),
        ({"id": "hut", "selectedStorage": {"manualStorageInfo": "Shelf"}}, 400),
        ({}, 400),
    ],
)
def test_wrong_key_is_refused(
    machine: Machine, wish: dict[str, Any], status: int
) -> None:
    assert machine.call("POST", KEYS, wish).status_code == status


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


def test_page_has_100_rows_at_most(machine: Machine) -> None:
    assert machine.call("GET", f"{KEYS}?limit=100").status_code == 200
    for limit in ("0", "101"):
        assert machine.call("GET", f"{KEYS}?limit={limit}").status_code == 400


def test_automats_are_listed_the_old_kind_too(machine: Machine) -> None:
    machine.tenant.hang("Old", product="key20", keys=[])
    machine.tenant.hang("Street", kind="keypad")
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


def test_machine_makes_an_account_for_another_and_drops_it(machine: Machine) -> None:
    wish = {"organizationUnitId": "any", "name": "second"}
    made = machine.call("POST", "/serviceAccounts", wish)
    assert made.status_code == 201
    other = machines.Machine(machine.tenant, made.json["id"], machine.key)
    assert other.call("GET", "/groups").json["data"] == []
    path = f"/serviceAccounts/{other.id}"
    assert machine.call("DELETE", path).status_code == 204
    assert machine.call("DELETE", path).status_code == 404
    assert other.call("GET", "/groups").status_code == 401


def test_unknown_path_is_a_404(machine: Machine) -> None:
    refused = machine.call("GET", "/iloq/keycontracts")
    assert refused.status_code == 404
    assert refused.json["message"] == "Cannot find /iloq/keycontracts"
