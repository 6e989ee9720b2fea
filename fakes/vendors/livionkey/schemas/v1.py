"""The older interface's JSON: how its bodies are read, and how the state is shown.

Invariants: no state is changed here. `lockerIndex` is a text in a locker and a number
in a key; a device is `deviceId` in a list and `id` elsewhere, as with the vendor. A
missing field has a refusal of its own; a field of a wrong type counts as missing.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from fakes.vendors.livionkey.errors import ErrorCode, Refused
from fakes.vendors.livionkey.state import (
    KEYPAD_KEY,
    AccessRight,
    Contact,
    Contract,
    Device,
    Key,
    State,
)
from fakes.vendors.livionkey.webhooks import iso

if TYPE_CHECKING:
    from fakes.vendors.livionkey.schemas.shapes import (
        ContactShape,
        ContractShape,
        EventShape,
        KeyShape,
        LockerShape,
        PublicShape,
        RightShape,
        StateShape,
        StatusShape,
    )

Fields = dict[str, Any]
LAST_INSTANT = datetime(9000, 1, 1, tzinfo=UTC)  # so that a grace can be added


def device(state: State, record: Device) -> StateShape:
    """Return what is shown of a device, except its id."""
    online = state.door_of(record).connected
    return {
        "name": record.name,
        "tag": record.tag,
        "connectionState": "connected" if online else "disconnected",
        "synced": {
            "timestamp": iso(record.synced_at),
            "isSynced": record.id not in state.unsynced,
        },
    }


def lockers(state: State, record: Device) -> list[LockerShape]:
    """Return every locker of a device, as its cabinet last reported."""
    cabinet = state.cabinet_of(record)
    held = {key.locker: key for key in state.keys_of(record.id)}
    slots = range(cabinet.key_slots.slots if cabinet else 0)
    return [_locker(slot, held.get(slot)) for slot in slots]


def _locker(slot: int, key: Key | None) -> LockerShape:
    inside = key is not None and key.inside
    return {
        "lockerIndex": str(slot),
        "state": "lockerWithKey" if inside else "emptyLocker",
        "isKeyInside": inside,
        "key": {"id": key.id, "name": key.name} if key else None,
    }


def key(state: State, record: Key, *, status: bool = False) -> KeyShape:
    """Return a key with its contracts, each with the key's status if that is asked."""
    return {
        "keyId": record.id,
        "deviceId": record.device,
        "keyName": record.name,
        "keyCode": record.return_code,
        "shared": record.shared,
        "contracts": [
            _with_status(contract(state, each), record)
            if status
            else contract(state, each)
            for each in state.contracts_of(record)
        ],
        "backupCodes": list(record.backup),
        "lockerIndex": record.locker,
    }


def _with_status(shown: ContractShape, record: Key) -> StatusShape:
    at = iso(record.last.source_time)
    return {**shown, "keyStatus": {"action": record.last.action, "timestamp": at}}


def last_event(state: State, record: Key) -> EventShape:
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


def contract(state: State, record: Contract) -> ContractShape:
    """Return a contract with its contacts."""
    return {
        **public(state, record),
        "id": record.id,
        "keyId": record.handovers[0].key,
        "perm": record.end is None,
        "type": record.kind,
        "contacts": [contact(each) for each in record.contacts],
        "freeText": record.free_text,
        "recurrent": [],
        "tag": [state.account.tag],
    }


def public(state: State, record: Contract) -> PublicShape:
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
        "end": iso(record.end) if record.end else None,
        "person": record.person,
    }


def right(state: State, record: AccessRight) -> RightShape:
    """Return an access right."""
    return {
        "id": record.id,
        "accessRightId": record.access_right_id,
        "devices": [{"id": each, "keyId": KEYPAD_KEY} for each in record.devices],
        "pincode": record.pin,
        "start": iso(record.start),
        "end": iso(record.end) if record.end else None,
        "perm": record.end is None,
        "person": record.person,
        "contacts": [contact(each) for each in record.contacts],
        "freeText": record.free_text,
        "recurrent": record.weekly,
        "tag": [state.account.tag],
    }


def contact(record: Contact) -> ContactShape:
    """Return a contact."""
    return {
        "name": record.name,
        "email": record.email,
        "phoneNumber": record.phone,
        "sendSms": record.send_sms,
        "sendEmail": record.send_email,
        "language": record.language,
    }


def needed(fields: Fields, name: str, error: ErrorCode) -> str:
    """Return a field as text; Refused if nothing is said in it."""
    value = said(fields, name)
    if value is None:
        raise Refused(error)
    return value


def needed_instant(fields: Fields, name: str, error: ErrorCode) -> datetime:
    """Return a field as an instant; Refused if it is not one."""
    value = instant(fields.get(name))
    if value is None:
        raise Refused(error)
    return value


def devices(fields: Fields) -> list[Fields]:
    """Return the devices of a body, of which there must be one at least."""
    given = fields.get("devices")
    if not isinstance(given, list) or not given:
        raise Refused(ErrorCode.NO_DEVICES)
    found = [each if isinstance(each, dict) else {} for each in given]
    for each in found:
        needed(each, "id", ErrorCode.NO_DEVICE_ID)
    return found


def contacts(fields: Fields) -> list[Contact]:
    """Return the contacts of a body."""
    given = fields.get("contacts")
    if not isinstance(given, list):
        raise Refused(ErrorCode.NO_CONTACTS)
    return [_contact(each) for each in given if isinstance(each, dict)]


def _contact(fields: Fields) -> Contact:
    return Contact(
        name=said(fields, "name") or "",
        email=said(fields, "email") or "",
        phone=said(fields, "phoneNumber") or "",
        send_sms=flag(fields.get("sendSms")),
        send_email=flag(fields.get("sendEmail")),
        language=said(fields, "language") or "",
    )


def said(given: dict[str, Any], name: str) -> str | None:
    """Return a field as text if something is said in it; numbers are taken too."""
    value = given.get(name)
    plain = isinstance(value, (str, int)) and not isinstance(value, bool)
    return str(value) if plain and value != "" else None


def instant(value: Any) -> datetime | None:
    """Return the instant (UTC) that a text means, or nothing if it means none."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        if found is None:
            return None
        aware = found if found.tzinfo else found.replace(tzinfo=UTC)
        utc = aware.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return utc if utc < LAST_INSTANT else None


def flag(value: Any) -> bool:
    """Return whether a field or a query value says yes."""
    return value is True or str(value).lower() == "true"
