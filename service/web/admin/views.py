"""What pages show of records: statuses with icons, times at the lock, rows of tables.

Everything here is pure: API models, a language and zones in, texts out. No view holds a
PIN; a page that shows one takes it from the access itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any, Final
from urllib.parse import quote

from service.domain.access import Status
from service.web.admin.phrases import DATES, DATES_OF_THIS_YEAR, translate
from service.web.api.connections import ConnectionSchema
from service.web.api.locks import KeySchema, LockSchema
from service.web.api.rules import RuleSchema
from service.web.read_models import AccessSchema

Row = dict[str, Any]
"""What a template shows of one record, by the names that it uses."""


@dataclass(frozen=True, slots=True)
class State:
    """A status: its tone, which gives it its icon, and its phrase."""

    tone: str
    text: str


STATES: Final = {
    Status.IN_PROGRESS: State("busy", "In progress"),
    Status.CREATED: State("good", "Created"),
    Status.FAILED: State("bad", "Failed"),
    Status.REMOVED: State("off", "Removed"),
}
MEANINGS: Final = {
    Status.IN_PROGRESS: "Ordered. The lock system has not confirmed it yet.",
    Status.CREATED: "The code works at the time shown.",
    Status.FAILED: "There is no code.",
    Status.REMOVED: "The customer has no access any more.",
}
DASH: Final = "\N{EN DASH}"
BRANDS: Final = {
    "exivo": "dormakaba Exivo",
    "igloohome": "igloohome",
    "livionkey": "LivionKey",
    "nuki": "Nuki",
}
"""How vendors write their names; another is shown by its folder's."""


def brand(vendor: str) -> str:
    """Return the vendor's name as it writes it."""
    return BRANDS.get(vendor, vendor)


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant as text in the lock's own time, and as a machine reads it."""

    machine: str
    text: str


ISO_TIME: Final = re.compile(
    r"(?<![\w'-])\d{4}-\d\d-\d\d"
    r"([ T]\d\d:\d\d(:\d\d)?([.]\d+)?([+-]\d\d:\d\d|Z)?)?(?![\w'-])"
)
"""A date, or a date and a time, that stands in a sentence as a word of its own."""


@dataclass(frozen=True, slots=True)
class LocalTime:
    """Writes instants in a lock's own time and in a language, seen from `now`."""

    language: str
    zone: tzinfo
    now: datetime

    def day(self, local: datetime) -> str:
        """Return the date; of this year without the year, where that can be read."""
        this_year = local.year == self.now.astimezone(self.zone).year
        patterns = DATES_OF_THIS_YEAR if this_year else DATES
        pattern = patterns[self.language].format(day=local.day, month=local.month)
        return local.strftime(pattern)

    def moment(self, at: datetime | None) -> Moment | None:
        """Return the instant, None for none."""
        if at is None:
            return None
        local = at.astimezone(self.zone)
        text = f"{self.day(local)}, {local:%H:%M}"
        return Moment(at.astimezone(UTC).isoformat(timespec="seconds"), text)

    def in_text(self, text: str) -> str:
        """Return the text with its dates and times as the language writes them.

        The service writes them in the lock's own time, whose offset is left out here.
        """
        return ISO_TIME.sub(lambda found: self._written(found.group()), text)

    def _written(self, iso: str) -> str:
        try:
            local = datetime.fromisoformat(iso).replace(tzinfo=self.zone)
        except ValueError:  # no date, such as 2026-13-01
            return iso
        return self.day(local) + (f", {local:%H:%M}" if ":" in iso else "")

    def span(self, start: datetime | None, end: datetime | None) -> str:
        """Return a period; the day is written once where it is one."""
        if start is None:
            return ""
        first = start.astimezone(self.zone)
        opens = f"{self.day(first)}, {first:%H:%M}"
        if end is None:
            return f"{opens} {DASH} {translate(self.language, 'no end')}"
        last = end.astimezone(self.zone)
        if first.date() == last.date():
            return f"{opens}{DASH}{last:%H:%M}"
        return f"{opens} {DASH} {self.day(last)}, {last:%H:%M}"


def booking_path(connection: str, booking: str | None, membership: str | None) -> str:
    """Return the path of the page of a booking or a membership."""
    kind = "memberships" if membership else "bookings"
    ref = quote(membership or booking or "", safe="/")
    return f"/connections/{connection}/{kind}/{ref}"


def code_row(access: AccessSchema, local: LocalTime) -> Row:
    """Return the access as a row.

    `mark` is a second word beside the status: that its time is over, or that it opens
    the door though nobody wants it any more.
    """
    of = access.booking or access.membership
    start, end = access.valid_from, access.valid_until
    return {
        "id": access.id,
        "state": STATES[access.status],
        "mark": _mark(access, local.now),
        "reason": access.reason or access.notice or "",
        "doors": ", ".join(each.name for each in (access.lock, *access.extra_locks)),
        "of": of or access.name,
        "of_path": booking_path(access.connection, access.booking, access.membership)
        if of
        else "",
        "about": access.resource or access.community or "",
        "period": local.span(start, end),
        "ordered": local.moment(access.ordered_at),
        "active": access.active,
        "by_hand": access.by_hand,
        "removable": is_removable(access, local.now),
    }


def _mark(access: AccessSchema, now: datetime) -> str:
    over = access.valid_until is not None and access.valid_until <= now
    if access.status is Status.REMOVED:
        return ""
    if over:
        return "over"
    if access.cancelled_at is not None:
        return "cancelled, still opens"
    return ""


def is_removable(access: AccessSchema, now: datetime) -> bool:
    """Return whether taking it away can be asked for."""
    over = access.valid_until is not None and access.valid_until <= now
    gone = access.status is Status.REMOVED or access.cancelled_at is not None
    made = access.status is Status.CREATED
    return not gone and not over and (access.revocable or not made)


def code_page(access: AccessSchema) -> Row:
    """Return what the page of the access shows beside its row and itself (CON-09)."""
    place = access.vendor_place or ""
    address = ADDRESS.search(place)
    unmade = access.status in (Status.IN_PROGRESS, Status.FAILED)
    stands = access.cancelled_at is None
    return {
        "meaning": MEANINGS[access.status],
        "place": place.replace(f", {address.group()}", "") if address else place,
        "place_url": address.group() if address else "",
        "may_reissue": access.active and not access.by_hand,
        "may_try_again": stands and (unmade or access.reason is not None),
    }


ADDRESS: Final = re.compile(r"https?://[^\s,;]+")


SUBJECT_PAGES: Final = {"acc_": "/codes/", "lock_": "/locks/"}


def subject_path(subject: str) -> str:
    """Return the path of what an entry of the trail is about, if it has a page."""
    pages = (page for start, page in SUBJECT_PAGES.items() if subject.startswith(start))
    return next((page + subject for page in pages), "")


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


def extras(rule: RuleSchema) -> list[str]:
    """Return the phrases of what else a rule asks for."""
    return [text for name, text in EXTRAS.items() if getattr(rule, name)]


def margin(hours: int, minutes: int) -> str:
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
