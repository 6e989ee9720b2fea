"""What contracts and access rights have in common in a body: people, devices, times.

Invariants: what is missing is refused by its own text; what is said wrongly counts as
missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fakes.vendors.livionkey.errors import ErrorCode, Refused
from fakes.vendors.livionkey.state import Contact
from fakes.vendors.livionkey.wire import flag, instant, said

if TYPE_CHECKING:
    from datetime import datetime

Fields = dict[str, Any]


def needed(fields: Fields, name: str, error: ErrorCode) -> str:
    """Return a field as text; Refused if nothing is said in it."""
    value = said(fields, name)
    if value is None:
        raise Refused(error)
    return value


def needed_instant(fields: Fields, name: str, error: ErrorCode) -> datetime:
    """Return a field as an instant; Refused if it is none."""
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
