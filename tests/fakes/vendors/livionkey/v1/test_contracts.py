"""Contracts of the older interface: what is refused, and what is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.vendors.livionkey.tenant import END, START

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
        ({"end": "9999-12-31T00:00:00Z"}, "Missing end from parameters"),
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
    other = tenant.add_door("Annex", keys=[{"id": "hut"}])["vendor_id"]
    elsewhere = [{"id": other, "keyId": "hut"}]
    tenant.contract(contractId="B-3", devices=elsewhere, pincode="4711")
    tenant.go("2026-12-04T14:59:59Z")
    tenant.token = tenant.fresh_token()
    now = {"start": "2026-12-04T15:00:00Z", "end": "2026-12-05T10:00:00Z"}
    again = {"contractId": "B-4", "pincode": "4711"} | now
    assert tenant.order("flat-2", **again).status_code == 400
    tenant.go("2026-12-04T15:00:00Z")
    assert tenant.order("flat-2", **again).status_code == 200


def test_key_that_is_named_twice_is_handed_over_once(tenant: Tenant) -> None:
    twice = [{"id": tenant.device, "keyId": "flat-1"}] * 2
    made = tenant.contract(devices=twice)
    assert len(tenant.get(f"/contracts/{made['id']}")["devices"]) == 1
    assert tenant.call("DELETE", f"/contracts/{made['id']}").status_code == 200
    assert tenant.get("/keys/flat-1")[0]["contracts"] == []


def test_contract_names_its_first_key(tenant: Tenant) -> None:
    made = tenant.contract("flat-2")
    assert tenant.get(f"/contracts/{made['id']}")["keyId"] == "flat-2"
