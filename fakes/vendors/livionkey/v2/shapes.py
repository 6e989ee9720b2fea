"""The JSON of the newer interface: keys, contracts, automats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fakes.vendors.livionkey.events import iso
from fakes.vendors.livionkey.notices import CHOICES
from fakes.vendors.livionkey.v1.shapes import lockers

if TYPE_CHECKING:
    from fakes.vendors.livionkey.state import (
        Contact,
        Contract,
        Device,
        Handover,
        Key,
        State,
    )

Json = dict[str, Any]


def key(state: State, record: Key) -> Json:
    """Return a key; `storage` is where it is, `selectedStorage` where it belongs."""
    storage = {"automatId": record.device}
    return {
        "id": record.id,
        "name": record.name,
        "organizationUnitId": state.account.unit,
        "rfidHex": None,
        "selectedStorage": storage,
        "storage": storage if record.inside else None,
        "targetStorage": storage,
        "status": {"available": record.inside},
        "shared": record.shared,
    }


def contract(record: Contract) -> Json:
    """Return a contract."""
    return {
        "id": record.contract_id,
        "start": iso(record.start),
        "end": record.end and iso(record.end),
        "contact": _contact(record.contacts[0]) if record.contacts else None,
        "keys": [_handover(record, handover) for handover in record.handovers],
        "freeLockerAfterFetch": record.frees_slot,
        "userVerification": record.verification,
        "pickUpInfoForManualStorageKeys": None,
    }


def automat(state: State, record: Device) -> Json:
    """Return an automat with its lockers."""
    nowhere = {"address": None, "postalCode": None, "postalOffice": None}
    fields = ("lockerIndex", "isKeyInside", "key")
    return {
        "id": record.id,
        "name": record.name,
        "location": nowhere,
        "label": None,
        "groups": [],
        "hwId": None,
        "timezone": state.door_of(record).timezone,
        "installationPincode": None,
        "lockers": [
            {name: each[name] for name in fields} for each in lockers(state, record)
        ],
        "lifecycleState": "active",
    }


def _handover(record: Contract, handover: Handover) -> Json:
    done = {"fetch": "fetched", "return": "returned"}.get(record.kind)
    return {
        "id": handover.key,
        "storageInfo": {"pincode": handover.pin, "automatId": handover.device},
        "status": _status(handover),
        "inHistory": handover.status == done,
    }


def _status(handover: Handover) -> str | None:
    if handover.status == "fetched":
        return "key-not-returned" if handover.overdue else "key-fetched"
    if handover.status == "returned":
        return "key-returned"
    return "key-not-fetched" if handover.missed else None


def _contact(record: Contact) -> Json:
    chosen = record.notices
    plain = {"sms": record.send_sms, "email": record.send_email}
    silent = {"sms": False, "email": False}
    return {
        "name": record.name,
        "email": record.email or None,
        "phoneNumber": record.phone or None,
        "sendSms": record.send_sms,
        "sendEmail": record.send_email,
        "language": record.language or "en",
        "notifications": {
            choice: plain if chosen is None else silent | chosen.get(choice, {})
            for choice in CHOICES
        },
    }
