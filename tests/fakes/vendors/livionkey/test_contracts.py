"""Contracts of the older interface: what is refused, what is kept, what changes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pytest

from tests.fakes.vendors.livionkey.tenant import END
from tests.fakes.vendors.livionkey.tenant import START

if TYPE_CHECKING:
    from tests.fakes.vendors.livionkey.tenant import Tenant

LATER = {"contractId": "B-1002", "start": END, "end": "2026-12-06T11:00:00Z"}


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"contractId": None}, "Missing contractId from parameters"),
        ({"devices": None}, "No devices"),
        ({"devices": []}, "No devices"),
        ({"devices": [{"keyId": "flat-1"}]}, "Missing deviceId from parameters"),
        ({"devices": [{"id": "000001"}]}, "Missing keyId from parameters"),
        ({"devices": [{"id": "1", "keyId": "flat-1"}]}, "KeyId not found"),
        ({"start": None}, "Missing start from parameters"),
        ({"start": "tomorrow"}, "Missing start from parameters"),
        ({"person": None}, "Missing person from parameters"),
        ({"contacts": None}, "Missing contacts from parameters"),
        ({"end": None}, "Missing end from parameters"),
        ({"end": START}, "Start time should be before End time"),
        (
            {"start": "2026-12-01T08:59:54Z"},
            "Start time should be in the future",
        ),
        ({"contractId": "Zürich"}, "Invalid contractId"),
        ({"pincode": "123"}, "Invalid pincode"),
        ({"pincode": "1234567890"}, "Invalid pincode"),
        ({"type": "loan"}, "Invalid type"),
    ],
)
def test_contract_is_refused_in_words(
    tenant: Tenant, fields: dict[str, Any], text: str
) -> None:
    refused = tenant.order(**fields)
    assert (refused.status_code, refused.text) == (400, text)


def test_empty_body_is_refused(tenant: Tenant) -> None:
    assert tenant.call("POST", "/contracts").text == "Missing contract parameters"


def test_walk_in_may_start_now_and_five_seconds_ago(tenant: Tenant) -> None:
    made = tenant.contract(start="2026-12-01T08:59:55Z")
    assert tenant.enter(made["pincode"])["key"] == "flat-1"


def test_contract_shows_what_was_ordered(tenant: Tenant) -> None:
    contact = {"email": "ada@example.org", "sendEmail": True, "language": "en-gb"}
    made = tenant.contract(contacts=[contact], freeText="Mind the step")
    shown = tenant.get(f"/contracts/{made['id']}")
    assert shown["id"] == made["id"] != shown["contractId"] == "B-1001"
    assert shown["pincode"] == made["pincode"]
    assert len(made["pincode"]) == 6
    assert (shown["start"], shown["end"]) == (
        "2026-12-01T15:00:00.000Z",
        "2026-12-04T14:00:00.000Z",
    )
    assert (shown["perm"], shown["type"]) == (False, "default")
    assert shown["contacts"][0]["email"] == "ada@example.org"
    assert shown["freeText"] == "Mind the step"
    assert shown["devices"] == [
        {"id": tenant.device, "keyId": "flat-1", "product": "key30"}
    ]


def test_chosen_pin_keeps_its_zeros(tenant: Tenant) -> None:
    assert tenant.contract(pincode="0042")["pincode"] == "0042"
    tenant.go(START)
    assert tenant.enter("0042")["key"] == "flat-1"


def test_lost_answer_is_found_again_by_the_own_reference(tenant: Tenant) -> None:
    made = tenant.contract()
    refused = tenant.order()
    assert (refused.status_code, refused.text) == (400, "ContractId already in use")
    listed = tenant.get(f"/devices/{tenant.device}/contracts")
    found = [each for each in listed if each["contractId"] == "B-1001"]
    assert [(each["id"], each["pincode"]) for each in found] == [
        (made["id"], made["pincode"])
    ]


@pytest.mark.parametrize(
    ("start", "end", "overlaps"),
    [
        ("2026-12-01T10:00:00Z", "2026-12-01T15:00:00Z", False),
        ("2026-12-01T10:00:00Z", "2026-12-01T15:00:01Z", True),
        ("2026-12-02T10:00:00Z", "2026-12-03T10:00:00Z", True),
        ("2026-12-04T13:59:59Z", "2026-12-05T10:00:00Z", True),
        ("2026-12-04T14:00:00Z", "2026-12-05T10:00:00Z", False),
    ],
)
def test_private_key_has_one_contract_at_a_time(
    tenant: Tenant,
    start: str,
    end: str,
    overlaps: bool,  # noqa: FBT001 - a row
) -> None:
    tenant.contract()
    answer = tenant.order(contractId="B-1002", start=start, end=end)
    said = (answer.status_code, answer.text)
    refused = (400, "Overlapping contract existing")
    assert (said == refused) is overlaps
    assert tenant.order("flat-2", contractId="B-1003").status_code == 200


def test_permanent_contract_overlaps_all_that_comes(tenant: Tenant) -> None:
    made = tenant.contract(end=None, perm=True)
    assert tenant.get(f"/contracts/{made['id']}")["end"] is None
    assert tenant.order(**LATER).text == "Overlapping contract existing"


def test_shared_key_has_any_number_of_contracts(tenant: Tenant) -> None:
    fields = {"deviceId": tenant.device, "shared": True}
    tenant.call("POST", "/keys/flat-1", fields)
    tenant.contract()
    assert tenant.order(contractId="B-1002").status_code == 200


def test_pin_is_free_again_once_its_contract_is_closed(tenant: Tenant) -> None:
    tenant.settle(return_grace_minutes=60)
    tenant.contract(pincode="4711")
    taken = tenant.order("flat-2", contractId="B-2", pincode="4711")
    assert taken.text == "Pincode already used in existing contracts"
    other = tenant.hang("Annex", keys=[{"id": "hut"}])["vendor_id"]
    elsewhere = [{"id": other, "keyId": "hut"}]
    tenant.contract(contractId="B-3", devices=elsewhere, pincode="4711")
    tenant.go("2026-12-04T14:59:59Z")
    tenant.token = tenant.fresh_token()
    now = {"start": "2026-12-04T15:00:00Z", "end": "2026-12-05T10:00:00Z"}
    again = {"contractId": "B-4", "pincode": "4711"} | now
    assert tenant.order("flat-2", **again).status_code == 400
    tenant.go("2026-12-04T15:00:00Z")
    assert tenant.order("flat-2", **again).status_code == 200


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
    tenant.listen()
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
    tenant.listen()
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
    tenant.listen()
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
