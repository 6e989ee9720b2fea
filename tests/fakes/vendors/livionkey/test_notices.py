"""What Livion itself writes to guests and to the property manager."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.fakes.vendors.livionkey.tenant import END, START

if TYPE_CHECKING:
    from tests.fakes.vendors.livionkey.tenant import Tenant

ADA = "ada@example.org"
KEEPER = "keeper@example.org"
CONTACT = {"email": ADA, "sendEmail": True}


@pytest.fixture
def pin(tenant: Tenant) -> str:
    tenant.settle(manager_email=KEEPER)
    return str(tenant.contract(contacts=[CONTACT])["pincode"])


def bodies(tenant: Tenant, to: str) -> list[str]:
    rows = tenant.sim("GET", f"{tenant.base}/outbox")
    return [row["body"] for row in rows if row["to"] == to]


def test_guest_is_written_to_at_every_turn(tenant: Tenant, pin: str) -> None:
    tenant.go(START)
    tenant.enter(pin)
    tenant.go("2026-12-04T13:00:00Z")
    tenant.enter(pin)
    subjects = [subject for to, subject in tenant.outbox() if to == ADA]
    assert subjects == [
        "Your key",
        "Key fetched",
        "Your key: please return",
        "Key returned",
    ]
    assert pin in bodies(tenant, ADA)[0]


def test_reminder_goes_out_a_day_before_the_start(tenant: Tenant) -> None:
    later = {"start": "2026-12-03T15:00:00Z", "end": "2026-12-04T11:00:00Z"}
    tenant.contract(contacts=[CONTACT], **later)
    tenant.go("2026-12-02T14:59:59Z")
    assert len(tenant.outbox()) == 1
    tenant.go("2026-12-02T15:00:00Z")
    assert tenant.outbox()[-1] == (ADA, "Your key: soon")


def test_manager_learns_key_slot_and_booking_of_a_missing_key(
    tenant: Tenant, pin: str
) -> None:
    tenant.go(START)
    tenant.enter(pin)
    tenant.go(END)
    (notice,) = bodies(tenant, KEEPER)
    assert notice == (
        "Key flat-1, slot 0, contract B-1001 was due at 2026-12-04 14:00."
    )
    assert tenant.outbox()[-2:] == [
        (ADA, "Key not returned"),
        (KEEPER, "Key not returned"),
    ]


def test_manager_learns_of_a_checkout_also_by_static_code(
    tenant: Tenant, pin: str
) -> None:
    tenant.go(START)
    tenant.enter(pin)
    tenant.enter("*7001")
    (notice,) = bodies(tenant, KEEPER)
    assert notice == "Key flat-1, slot 0, contract B-1001 is back."


def test_cancellation_is_told_only_on_request(tenant: Tenant) -> None:
    for reference, query in (("B-1", ""), ("B-2", "?cancellation=true")):
        made = tenant.contract(contractId=reference, contacts=[CONTACT])
        tenant.call("DELETE", f"/contracts/{made['id']}{query}")
    subjects = [subject for _, subject in tenant.outbox()]
    assert subjects == ["Your key", "Your key", "Your key: cancelled"]


def test_changed_contract_is_told_with_its_new_times(tenant: Tenant) -> None:
    made = tenant.contract(contacts=[CONTACT], freeText="Mind the step")
    tenant.update(made, end="2026-12-05T14:00:00Z")
    first, second = bodies(tenant, ADA)
    assert first.endswith("\nMind the step")
    assert "2026-12-05 14:00" in second


def test_sms_goes_to_the_phone_and_only_if_asked_for(tenant: Tenant) -> None:
    quiet = {"email": ADA, "phoneNumber": "+46701234567"}
    tenant.contract(contacts=[quiet])
    assert tenant.outbox() == []
    tenant.settle(manager_phone="+46700000000")
    loud = {"phoneNumber": "+46701234567", "sendSms": True, "sendEmail": True}
    pin = tenant.contract("flat-2", contractId="B-2", contacts=[loud])["pincode"]
    assert tenant.outbox() == [("+46701234567", "Your key")]
    tenant.go(START)
    tenant.enter(pin)
    tenant.enter(pin)
    assert tenant.outbox()[-1] == ("+46700000000", "Key returned")
