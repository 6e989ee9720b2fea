"""The JSON of the older interface: devices, lockers, keys, contracts, access rights.

Invariants: no state is changed here. `lockerIndex` is a text in a locker and a number
in a key; a device is `deviceId` in a list and `id` elsewhere, as with the vendor.
"""

from __future__ import annotations

from typing import Any

from fakes.vendors.livionkey.events import iso
from fakes.vendors.livionkey.state import (
    KEYPAD_KEY,
    AccessRight,
    Contact,
    Contract,
    Device,
    Key,
    State,
)

Json = dict[str, Any]


def device(state: State, record: Device) -> Json:
    """Return what is told of a device, but its id."""
    online = state.door_of(record).online
    return {
        "name": record.name,
        "tag": record.tag,
        "connectionState": "connected" if online else "disconnected",
        "synced": {
            "timestamp": iso(record.synced_at),
            "isSynced": record.id not in state.unsynced,
        },
    }


def lockers(state: State, record: Device) -> list[Json]:
    """Return every locker of a device, as its cabinet has last told."""
    cabinet = state.cabinet_of(record)
    held = {key.locker: key for key in state.keys_of(record.id)}
    slots = range(cabinet.key_slots.slots if cabinet else 0)
    return [_locker(slot, held.get(slot)) for slot in slots]


def _locker(slot: int, key: Key | None) -> Json:
    inside = key is not None and key.inside
    return {
        "lockerIndex": str(slot),
        "state": "lockerWithKey" if inside else "emptyLocker",
        "isKeyInside": inside,
        "key": {"id": key.id, "name": key.name} if key else None,
    }


def key(state: State, record: Key, *, status: bool = False) -> Json:
    """Return a key with its contracts, each with the key's status if that is asked."""
    return {
        "keyId": record.id,
        "deviceId": record.device,
        "keyName": record.name,
        "keyCode": record.return_code,
        "shared": record.shared,
        "contracts": [
            contract(state, each) | (_key_status(record) if status else {})
            for each in state.contracts_of(record)
        ],
        "backupCodes": list(record.backup),
        "lockerIndex": record.locker,
    }


def _key_status(record: Key) -> Json:
    at = iso(record.last.source_time)
    return {"keyStatus": {"action": record.last.action, "timestamp": at}}


def last_event(state: State, record: Key) -> Json:
    """Return the last event of a key."""
    event = record.last
    inside = "lockerWithKey" if record.inside else "emptyLocker"
    return {
        "id": event.id,
        "timestamp": iso(event.at),
        "tag": [state.account.tag],
        "source": "device",
        "sourceId": record.device,
        "action": event.action,
        "data": {
            "before": None,
            "after": {"lockerIndex": event.locker, "keyId": record.id},
            "text": f'key status: "{inside}" => event: "{event.action}"',
            "value": event.action,
            "sourceTime": iso(event.source_time),
            "attachment": [None],
        },
    }


def contract(state: State, record: Contract) -> Json:
    """Return a contract with its contacts."""
    return public(state, record) | {
        "id": record.id,
        "perm": record.end is None,
        "type": record.kind,
        "contacts": [contact(each) for each in record.contacts],
        "freeText": record.free_text,
        "recurrent": [],
        "tag": [state.account.tag],
    }


def public(state: State, record: Contract) -> Json:
    """Return what a public link shows: everything but the contacts."""
    return {
        "devices": [
            {
                "id": handover.device,
                "keyId": handover.key,
                "product": state.devices[handover.device].product,
            }
            for handover in record.handovers
        ],
        "contractId": record.contract_id,
        "pincode": record.handovers[0].pin,
        "start": iso(record.start),
        "end": record.end and iso(record.end),
        "person": record.person,
    }


def right(state: State, record: AccessRight) -> Json:
    """Return an access right."""
    return {
        "id": record.id,
        "accessRightId": record.access_right_id,
        "devices": [{"id": each, "keyId": KEYPAD_KEY} for each in record.devices],
        "pincode": record.pin,
        "start": iso(record.start),
        "end": record.end and iso(record.end),
        "perm": record.end is None,
        "person": record.person,
        "contacts": [contact(each) for each in record.contacts],
        "freeText": record.free_text,
        "recurrent": record.weekly,
        "tag": [state.account.tag],
    }


def contact(record: Contact) -> Json:
    """Return a contact."""
    return {
        "name": record.name,
        "email": record.email,
        "phoneNumber": record.phone,
        "sendSms": record.send_sms,
        "sendEmail": record.send_email,
        "language": record.language,
    }
