"""Rows of the tables of connections, locks, rules, keys, events and messages; all pure.

`views.py` has what codes and all pages share.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from service.web.admin.views import LocalTime, Row, State, booking_path
from service.web.api.activity import EventSchema
from service.web.api.connections import ConnectionSchema
from service.web.api.locks import KeySchema, LockSchema
from service.web.api.rules import RuleSchema
from service.web.read_models import MessageSchema

MESSAGE_STATES: Final = {
    "waiting": State("busy", "Waiting"),
    "sent": State("good", "Sent"),
    "withheld": State("off", "Withheld"),
    "failed": State("bad", "Failed"),
}
EVENT_STATES: Final = {
    "accepted": State("good", "Accepted"),
    "duplicate": State("off", "Duplicate"),
    "ignored": State("warn", "Ignored"),
}
KEY_STATES: Final = {
    "in slot": State("good", "In its slot"),
    "out": State("busy", "Out"),
    "overdue": State("bad", "Overdue"),
    "unknown": State("off", "Unknown"),
}


READERS: Final = {"customer": "Customer", "owner": "Owner", "manager": "Key manager"}
KINDS: Final = {
    "code": "Door code",
    "overdue": "Key overdue",
    "returned": "Key returned",
    "trouble": "Something is missing",
    "lock": "A lock needs attention",
    "account": "Credentials refused",
}
CHANNELS: Final = {"email": "E-mail", "sms": "SMS"}


def message_row(message: MessageSchema, local: LocalTime) -> Row:
    """Return the message as a row."""
    return {
        "id": message.id,
        "state": MESSAGE_STATES[message.status],
        "reader": READERS[message.reader],
        "kind": KINDS[message.kind],
        "channel": CHANNELS[message.channel],
        "recipient": message.recipient or "",
        "reason": message.reason or "",
        "at": local.moment(message.sent_at or message.send_at),
        "next_at": local.moment(message.next_try_at),
    }


TRIGGERS: Final = {
    "confirmed": "the booking is confirmed",
    "paid": "the booking is paid",
    "starting": "the booking is about to start",
    "started": "the membership starts",
}


def connection_state(connection: ConnectionSchema) -> State:
    """Return how a connection stands."""
    if not connection.linked:
        return State("bad", "Not linked")
    if connection.active and connection.terms_accepted_at:
        return State("good", "On")
    return State("off", "Off")


def lock_state(lock: LockSchema) -> State:
    """Return whether codes can be made for a lock."""
    if not lock.usable:
        return State("bad", "Cannot be used")
    return State("warn", "May not work") if lock.warning else State("good", "Ready")


EXTRAS: Final = {
    "copy_to_owner": "copy to the owner",
    "recurring": "customers keep their key",
    "return_grace_minutes": "grace for returning",
    "report_returns": "reports returns",
    "options": "further ways in",
}


def rule_row(rule: RuleSchema, names: Mapping[str, str]) -> Row:
    """Return the rule as a row; `extras` are phrases."""
    return {
        "id": rule.id,
        "what": rule.community or rule.resource or "",
        "kind": "Community" if rule.community else "Resource",
        "locks": ", ".join(names.get(lock, lock) for lock in rule.locks),
        "trigger": TRIGGERS[rule.trigger],
        "channel": CHANNELS[rule.channel],
        "ahead": rule.send_hours_before,
        "before": _margin(rule.margin_before_hours, rule.margin_before_minutes),
        "after": _margin(rule.margin_after_hours, rule.margin_after_minutes),
        "extras": [text for name, text in EXTRAS.items() if getattr(rule, name)],
    }


def _margin(hours: int, minutes: int) -> str:
    """Return a margin as a clock has it, nothing for none."""
    total = 60 * hours + minutes
    return f"{total // 60}:{total % 60:02}" if total else ""


def key_row(key: KeySchema, local: LocalTime) -> Row:
    """Return the key as a row."""
    return {
        "name": key.lock.name,
        "lock_path": f"/locks/{key.lock.id}",
        "state": KEY_STATES[key.state],
        "slot": str(key.slot) if key.slot is not None else "",
        "booking": key.booking or "",
        "access_path": f"/codes/{key.access}" if key.access else "",
        "due": local.moment(key.back_at),
        "overdue": local.moment(key.overdue_at),
        "returned": local.moment(key.last_return.at if key.last_return else None),
        "seen": local.moment(key.seen_at),
        "free": key.free_for_cleaning,
        "reason": key.reason or key.warning or "",
    }


def event_row(event: EventSchema, local: LocalTime) -> Row:
    """Return the event as a row."""
    of = event.booking or event.membership or ""
    path = booking_path(event.connection, event.booking, event.membership)
    return {
        "id": event.id,
        "connection": event.connection,
        "type": event.type,
        "of": of,
        "of_path": path if of else "",
        "state": EVENT_STATES[event.status],
        "reason": event.reason or "",
        "at": local.moment(event.received_at),
    }
