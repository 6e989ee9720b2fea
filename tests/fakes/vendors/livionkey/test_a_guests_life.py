"""One guest's life on virtual time, from the code to the key that comes back late."""

from __future__ import annotations

import pytest

from tests.fakes.vendors.livionkey.tenant import END, START, Tenant

BEFORE_START = "2026-12-01T14:59:59Z"
AN_HOUR_LATE = "2026-12-04T15:00:00Z"
LAST_SECOND = "2026-12-04T14:59:59Z"
NEXT_GUEST = {
    "contractId": "B-1002",
    "start": "2026-12-04T15:00:00Z",
    "end": "2026-12-06T11:00:00Z",
}


@pytest.fixture
def pin(tenant: Tenant) -> str:
    """Let the guest have a code, and the world listen."""
    tenant.add_receiver()
    return str(tenant.contract()["pincode"])


def test_code_opens_from_the_very_start_and_not_before(
    tenant: Tenant, pin: str
) -> None:
    assert tenant.probe(pin, BEFORE_START) == "early"
    assert tenant.probe(pin, START) == "opened"
    assert tenant.reason(pin) == "early"
    tenant.go(START)
    taken = tenant.enter(pin)
    assert (taken["opened"], taken["slot"], taken["key"]) == (True, 0, "flat-1")
    assert tenant.where()["in"] is False


def test_taken_key_is_told_with_its_code_slot_and_contract(
    tenant: Tenant, pin: str
) -> None:
    tenant.go(START)
    tenant.enter(pin)
    update, code, fetched = tenant.events()
    assert (update["type"], update["pincode"]) == ("default", pin)
    assert (code["type"], code["code"]) == ("right-pincode", pin)
    assert fetched["type"] == "key-status"
    assert fetched["state"] == "key-fetched"
    assert fetched["contractId"] == "B-1001"
    assert (fetched["lockerIndex"], fetched["keyId"]) == (0, "flat-1")
    assert fetched["time"] == "2026-12-01T15:00:00.000Z"


def test_forgotten_checkout_is_told_at_the_very_end(tenant: Tenant, pin: str) -> None:
    tenant.go(START)
    tenant.enter(pin)
    tenant.go("2026-12-04T13:59:59Z")
    assert tenant.key_events() == ["key-fetched"]
    tenant.go(END)
    assert tenant.key_events() == ["key-fetched", "key-not-returned"]
    assert tenant.events()[-1]["time"] == "2026-12-04T14:00:00.000Z"


def test_overdue_notice_can_wait_for_an_hour(tenant: Tenant, pin: str) -> None:
    tenant.settle(overdue_delay_minutes=60)
    tenant.go(START)
    tenant.enter(pin)
    tenant.go(LAST_SECOND)
    assert tenant.key_events() == ["key-fetched"]
    tenant.go(AN_HOUR_LATE)
    assert tenant.key_events() == ["key-fetched", "key-not-returned"]
    tenant.go("2026-12-20T00:00:00Z")
    assert tenant.key_events() == ["key-fetched", "key-not-returned"]


@pytest.mark.parametrize(
    ("at", "reason", "key"),
    [
        ("2026-12-04T13:59:59Z", "opened", "flat-1"),
        (END, "opened", "flat-1"),
        (LAST_SECOND, "opened", "flat-1"),
        (AN_HOUR_LATE, "over", None),
    ],
)
def test_late_guest_returns_until_the_last_second_of_grace(
    tenant: Tenant, pin: str, at: str, reason: str, key: str | None
) -> None:
    tenant.settle(return_grace_minutes=60)
    tenant.go(START)
    tenant.enter(pin)
    tenant.go(at)
    entry = tenant.enter(pin)
    assert (entry["reason"], entry["key"]) == (reason, key)
    assert tenant.where()["in"] is (key is not None)


def test_without_grace_the_key_cannot_be_returned_by_its_code(
    tenant: Tenant, pin: str
) -> None:
    tenant.go(START)
    tenant.enter(pin)
    tenant.go(END)
    refused = tenant.enter(pin)
    assert (refused["opened"], refused["rule"]) == (False, "LIV-02")


def test_static_code_takes_the_key_back_after_the_contract(
    tenant: Tenant, pin: str
) -> None:
    tenant.go(START)
    tenant.enter(pin)
    assert tenant.reason("7001") == "wrong-code"  # a star comes before it
    tenant.go(AN_HOUR_LATE)
    back = tenant.enter("*7001")
    assert (back["opened"], back["key"], back["rule"]) == (True, "flat-1", "LIV-04")
    code, returned = tenant.events()[-2:]
    assert code["type"] == "right-return-code"
    assert returned["state"] == "key-returned"
    assert "contractId" not in code
    assert "contractId" not in returned
    assert tenant.reason("*7001") == "key-in"


def test_next_guest_at_an_empty_slot_is_reported_as_not_served(
    tenant: Tenant, pin: str
) -> None:
    second = str(tenant.contract(**NEXT_GUEST)["pincode"])
    tenant.go(START)
    tenant.enter(pin)
    tenant.go(AN_HOUR_LATE)
    found = tenant.enter(second)
    assert (found["opened"], found["reason"], found["key"]) == (True, "empty", None)
    tenant.go("2026-12-06T11:00:00Z")
    last = tenant.events()[-1]
    assert (last["state"], last["contractId"]) == ("key-not-fetched", "B-1002")


def test_next_guest_is_served_once_the_key_is_back(tenant: Tenant, pin: str) -> None:
    second = str(tenant.contract(**NEXT_GUEST)["pincode"])
    tenant.go(START)
    tenant.enter(pin)
    tenant.go(AN_HOUR_LATE)
    tenant.enter("*7001")
    assert tenant.enter(second)["key"] == "flat-1"
    tenant.go("2026-12-06T10:00:00Z")
    assert tenant.enter(second)["key"] == "flat-1"
    assert tenant.key_events() == [
        "key-fetched",
        "key-not-returned",
        "key-returned",
        "key-fetched",
        "key-returned",
    ]


def test_contract_wins_over_the_default_checkout(tenant: Tenant) -> None:
    tenant.add_receiver()
    tenant.settle(default_checkout_time="11:00")
    pin = str(tenant.contract(end="2026-12-04T13:00:00Z")["pincode"])  # 14:00 there
    tenant.go(START)
    tenant.enter(pin)
    assert tenant.probe(pin, "2026-12-04T12:59:00Z") == "opened"
    tenant.go("2026-12-04T12:59:59Z")
    assert tenant.key_events() == ["key-fetched"]
    tenant.go("2026-12-04T13:00:00Z")
    assert tenant.key_events() == ["key-fetched", "key-not-returned"]


def test_default_checkout_counts_for_a_contract_without_an_end(tenant: Tenant) -> None:
    refused = tenant.order(end=None)
    assert (refused.status_code, refused.text) == (
        400,
        "Missing end from parameters",
    )
    tenant.settle(default_checkout_time="11:00")
    made = tenant.contract(end=None)
    shown = tenant.get(f"/contracts/{made['id']}")
    assert shown["end"] == "2026-12-02T10:00:00.000Z"  # the next 11:00 in Stockholm
