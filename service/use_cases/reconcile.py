"""Reconcile: a booking's accesses and messages are brought in line with it.

Law: one transaction, driven by what is stored and by nothing else. Doing it again
changes nothing, so a crash before or after it is the same. Work of the booking that
is under way is waited for, because its answer decides what there is to bring in line.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Final

from service.domain.accesses import Status
from service.domain.changes import Held
from service.domain.changes import decide
from service.domain.memberships import reach
from service.domain.rules import Wanted
from service.domain.rules import desired
from service.logs import log
from service.store import accesses
from service.store import bookings
from service.store import connections
from service.store import leases
from service.store import messages
from service.store import rules
from service.store.rules import standing_of
from service.use_cases.amend import Matter
from service.use_cases.amend import amend
from service.use_cases.announce import announce
from service.use_cases.retire import retire
from service.use_cases.setbacks import fault_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from service.domain.bookings import Booking
    from service.store.accesses import Access
    from service.store.messages import Message
    from service.store.tx import Tx
    from service.use_cases.parts import Parts
    from service.use_cases.parts import Vendors

PAUSE: Final = timedelta(minutes=5)
"""How long a booking waits that we cannot reconcile, which is a fault of ours."""


def reconcile_due(parts: Parts, now: datetime, *, limit: int = 50) -> int:
    """Return how many bookings with news were taken in hand, in one transaction."""
    return parts.store.write(lambda tx: _reconcile_due(tx, parts, now, limit))


def _reconcile_due(tx: Tx, parts: Parts, now: datetime, limit: int) -> int:
    found = leases.due_bookings(tx, now, limit=limit)
    for connection_id, ref in found:
        try:
            with tx.apart():
                reconcile(tx, parts.vendors, connection_id, ref, now)
        except Exception as fault:  # noqa: BLE001 (one booking stops no other)
            told = fault_of(fault)
            log.error("booking not reconciled", connection=connection_id, fault=told)
            bookings.mark(tx, connection_id, ref, now + PAUSE)
    return len(found)


def reconcile(
    tx: Tx, vendors: Vendors, connection_id: str, ref: str, now: datetime
) -> None:
    """Bring the booking in line, or note when the work that is under way must end."""
    stored = bookings.hold(tx, connection_id, ref)
    if stored is None:
        return
    all_held = accesses.of_booking(tx, connection_id, ref)
    told = messages.of_booking(tx, connection_id, ref)
    until = _under_way([*all_held, *told], now)
    if until is None:
        held = {access.id: access for access in all_held if access.wanted}
        matter = _matter(tx, vendors, connection_id, stored.booking, now)
        _bring_in_line(matter, held, told)
    if until != stored.due_at:
        bookings.mark(tx, connection_id, ref, until)


def let_go(
    tx: Tx, vendors: Vendors, connection_id: str, ref: str, now: datetime
) -> None:
    """End what gave way, if it is time; nothing else is brought in line."""
    stored = bookings.hold(tx, connection_id, ref)
    if stored is not None:
        retire(_matter(tx, vendors, connection_id, stored.booking, now))


def _matter(
    tx: Tx, vendors: Vendors, connection_id: str, booking: Booking, now: datetime
) -> Matter:
    connection = connections.get(tx, connection_id)
    return Matter(
        tx=tx,
        now=now,
        connection=connection,
        vendor=vendors[connection.vendor],
        booking=booking,
    )


def _bring_in_line(
    matter: Matter, held: dict[str, Access], told: list[Message]
) -> None:
    resources = {matter.booking.details.resource}
    known = rules.for_resources(matter.tx, matter.connection.id, resources)
    traits = matter.vendor.traits
    outlook = desired(matter.booking, known, until=_until(matter), shared=traits.shared)
    found = [_held(access) for access in held.values()]
    for decision in decide(
        outlook.wanted,
        found,
        matter.plan,
        changeable=traits.changeable,
        replaced=traits.replaced,
    ):
        amend(matter, decision, held)
    announce(matter, outlook.fired, told)
    retire(matter)


def _until(matter: Matter) -> datetime | None:
    """Return until when a membership's codes are to reach now."""
    step = matter.vendor.traits.renewed_every
    if step is None or not matter.booking.by_membership:
        return None
    return reach(matter.booking.details.start, step, matter.now)


def _under_way(work: Iterable[Access | Message], now: datetime) -> datetime | None:
    """Return when the last lease on the booking's work ends, None if there is none."""
    ends = [each.due_at for each in work if each.lease and each.due_at]
    return max((end for end in ends if end > now), default=None)


def _held(access: Access) -> Held:
    return Held(
        id=access.id,
        wanted=Wanted(
            access.lock_id,
            access.start_at,
            access.end_at or access.start_at,
            access.margin,
            standing_of(access.standing, access.grace_minutes),
            tuple(access.beside),
            tuple(access.options),
        ),
        status=Status(access.status),
        window=access.window,
        planned_at=access.planned_at,
    )
