"""Events as they came in, and the bookings that they add up to, as rows of tables.

A booking whose accesses do not follow from it yet has `due_at`. A membership, whose end
is not known, is stored with `NEVER` as its end.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping
from dataclasses import asdict, fields
from datetime import datetime
from enum import StrEnum
from typing import Final

import sqlalchemy as sa

from service.domain.booking import LATEST, Booking, Customer, Details, Rank, Trigger
from service.store.database import Tx, where_in
from service.store.table_gateway import Prepared, TableGateway, longest_due
from service.store.tables import stored_in


class Outcome(StrEnum):
    """What became of an event, in the words of the webhook's answer."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"


@stored_in("events", sa.UniqueConstraint("connection_id", "event_id"))
class StoredEvent:
    """An event; `id` is ours, `event_id` the sender's, unique in its connection.

    `content` is the payload as normalised JSON, so that equal content compares equal.
    `reason` says why the event is ignored, if it is.
    """

    id: str
    connection_id: str
    event_id: str
    type: str
    booking_ref: str | None
    content: str
    status: str
    reason: str | None
    occurred_at: datetime
    received_at: datetime


EVENTS: Final = TableGateway(StoredEvent)
event_by_id: Final = EVENTS.by_id


def events_by_senders(
    tx: Tx, ids: Collection[tuple[str, str]]
) -> dict[tuple[str, str], StoredEvent]:
    """Return the events by connection and the id that the sender gave them."""
    found = EVENTS.where_in(tx, ("connection_id", "event_id"), ids)
    return {(each.connection_id, each.event_id): each for each in found}


@stored_in(
    "bookings",
    sa.PrimaryKeyConstraint("connection_id", "ref"),
    sa.Index(None, "end_at"),
    sa.Index(None, "ref"),
)
class StoredBooking:
    """A booking of one connection, in the columns of its table."""

    connection_id: str
    ref: str
    resource: str
    start_at: datetime
    end_at: datetime
    customer: dict[str, str]
    named: dict[str, str]
    weekdays: list[int]
    occurred_at: datetime
    rank: int
    triggers: list[str]
    cancelled_at: datetime | None
    confirmed_at: datetime | None
    changed_at: datetime | None
    due_at: datetime | None

    @property
    def resources(self) -> tuple[str, ...]:
        """Return all that is booked."""
        return tuple(sorted(self.named)) or (self.resource,)

    @property
    def booking(self) -> Booking:
        """Return the booking as the domain knows it."""
        end = None if self.end_at == NEVER else self.end_at
        first, *others = self.resources
        return Booking(
            ref=self.ref,
            details=Details(
                first,
                self.start_at,
                end,
                Customer(**self.customer),
                tuple(others),
                tuple(self.weekdays),
            ),
            occurred_at=self.occurred_at,
            rank=Rank(self.rank),
            triggers=frozenset(Trigger(trigger) for trigger in self.triggers),
            cancelled_at=self.cancelled_at,
            confirmed_at=self.confirmed_at,
            named={each: datetime.fromisoformat(at) for each, at in self.named.items()},
            changed_at=self.changed_at,
        )


NEVER: Final = LATEST
"""No event may name this instant, or a later one."""

GATEWAY: Final = TableGateway(StoredBooking)
KEY: Final = ("connection_id", "ref")
_c: Final = GATEWAY.table.c
_DUE_TO_RECONCILE: Final = Prepared(
    longest_due(
        sa.select(*(_c[each.name] for each in fields(StoredBooking))).where(
            _c.due_at <= sa.bindparam("now")
        ),
        GATEWAY.table,
    )
)

_ELSEWHERE: Final = GATEWAY.query(
    _c.ref == sa.bindparam("ref"), _c.connection_id != sa.bindparam("connection_id")
)


def find(tx: Tx, connection_id: str, ref: str) -> StoredBooking | None:
    """Return the booking, or None."""
    return GATEWAY.find(tx, **_key(connection_id, ref))


def due_to_reconcile(tx: Tx, now: datetime, *, limit: int) -> list[StoredBooking]:
    """Return the bookings that have waited longest, locked until the end."""
    rows = _DUE_TO_RECONCILE.rows(tx.sql, {"now": now, "limit": limit})
    return [StoredBooking(*row) for row in rows]


def get(tx: Tx, connection_id: str, ref: str) -> Booking:
    """Return the booking; `LookupError` if there is none."""
    stored = find(tx, connection_id, ref)
    if stored is None:
        raise LookupError(f"no booking {ref} of connection {connection_id}")
    return stored.booking


def get_for_update(tx: Tx, connection_id: str, ref: str) -> StoredBooking | None:
    """Return the booking, locked until the transaction ends, or None."""
    return GATEWAY.find_for_update(tx, **_key(connection_id, ref))


def get_all_for_update(
    tx: Tx, refs: Collection[tuple[str, str]]
) -> dict[tuple[str, str], StoredBooking]:
    """Return the bookings by connection and ref, locked until the transaction ends."""
    found = GATEWAY.where_in(tx, KEY, refs, for_update=True)
    return {(each.connection_id, each.ref): each for each in found}


def by_refs(tx: Tx, refs: Collection[str]) -> list[StoredBooking]:
    """Return the bookings of these refs, at any connection."""
    return GATEWAY.where_in(tx, ("ref",), [(ref,) for ref in refs])


def elsewhere(tx: Tx, connection_id: str, ref: str) -> list[StoredBooking]:
    """Return the bookings of this ref at other connections."""
    return GATEWAY.found_by(tx, _ELSEWHERE, **_key(connection_id, ref))


def save_all(
    tx: Tx,
    stored: Mapping[tuple[str, str], StoredBooking],
    known: Container[tuple[str, str]],
) -> None:
    """Store the bookings by connection and ref; those that are `known` exist."""
    GATEWAY.add_all(tx, [each for key, each in stored.items() if key not in known])
    held = [each for key, each in stored.items() if key in known]
    GATEWAY.change_all(tx, KEY, held)


def set_due(tx: Tx, connection_id: str, ref: str, due_at: datetime | None) -> None:
    """Set when the booking is to be reconciled; None means that it is."""
    GATEWAY.change(tx, _key(connection_id, ref), due_at=due_at)


def look_again(
    tx: Tx, connection_id: str, resources: Collection[str], now: datetime
) -> None:
    """Have the open bookings of these resources reconciled."""
    first = where_in(_c.resource, resources)
    others = sa.cast(_c.named, sa.Text).contains(",")
    mine = (_c.connection_id == connection_id) & (_c.end_at > now) & (first | others)
    Prepared(sa.update(GATEWAY.table).where(mine).values(due_at=now)).count(tx.sql)


def _key(connection_id: str, ref: str) -> dict[str, str]:
    return {"connection_id": connection_id, "ref": ref}


def stored(
    connection_id: str, booking: Booking, due_at: datetime | None
) -> StoredBooking:
    """Return the booking as it is stored.

    `due_at` is when it is to be reconciled, None when it is.
    """
    details, customer = booking.details, asdict(booking.details.customer)
    return StoredBooking(
        connection_id=connection_id,
        ref=booking.ref,
        resource=details.resource,
        start_at=details.start,
        end_at=details.end or NEVER,
        customer={name: text for name, text in customer.items() if text is not None},
        named={each: at.isoformat() for each, at in booking.named.items()},
        weekdays=list(details.weekdays),
        occurred_at=booking.occurred_at,
        rank=booking.rank,
        triggers=sorted(booking.triggers),
        cancelled_at=booking.cancelled_at,
        confirmed_at=booking.confirmed_at,
        changed_at=booking.changed_at,
        due_at=due_at,
    )
