"""Reconcile: a booking's accesses and messages are brought in line with it.

Law: one transaction, driven by what is stored and by nothing else. Doing it again
changes nothing, so a crash before or after it is the same. Work of the booking that
is under way is waited for, because its answer decides what there is to bring in line.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache, partial
from typing import TYPE_CHECKING, Final

from service.domain.accesses import Status
from service.domain.changes import Held, decide
from service.domain.memberships import reach
from service.domain.rules import Wanted, desired
from service.logs import log
from service.store import accesses, bookings, connections, messages, rules
from service.store.rules import standing_of
from service.use_cases.amend import Matter, amend
from service.use_cases.announce import announce
from service.use_cases.retire import retire
from service.use_cases.setbacks import fault_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from service.ports import LockVendor
    from service.store.accesses import Access
    from service.store.bookings import StoredBooking
    from service.store.messages import Message
    from service.store.tx import Tx
    from service.use_cases.parts import Parts

AT_ONCE: Final = 16
"""How many bookings are taken in hand in one transaction at most; whoever has an
answer to write down waits for no more than that."""

PAUSE: Final = timedelta(minutes=5)
"""How long a booking waits that we cannot reconcile, which is a fault of ours."""


def reconcile_due(tx: Tx, parts: Parts, now: datetime) -> int:
    """Return how many bookings with news were taken in hand, `AT_ONCE` at most."""
    vendor_of = cache(partial(vendor_for, tx, parts))
    found = bookings.with_news(tx, now, limit=AT_ONCE)
    for stored in found:
        try:
            with tx.apart():
                _take_in_hand(tx, vendor_of(stored.connection_id), stored, now)
        except Exception as fault:  # noqa: BLE001 (one booking stops no other)
            connection_id, told = stored.connection_id, fault_of(fault)
            log.error("booking not reconciled", connection=connection_id, fault=told)
            bookings.mark(tx, connection_id, stored.ref, now + PAUSE)
    return len(found)


def vendor_for(tx: Tx, parts: Parts, connection_id: str) -> LockVendor:
    """Return the vendor that the connection is one to."""
    return parts.vendors[connections.get(tx, connection_id).vendor]


def reconcile(
    tx: Tx, vendor: LockVendor, connection_id: str, ref: str, now: datetime
) -> None:
    """Bring the booking in line, or note when the work that is under way must end."""
    stored = bookings.hold(tx, connection_id, ref)
    if stored is not None:
        _take_in_hand(tx, vendor, stored, now)


def let_go(
    tx: Tx, vendor: LockVendor, connection_id: str, ref: str, now: datetime
) -> None:
    """End what gave way, if it is time; nothing else is brought in line."""
    stored = bookings.hold(tx, connection_id, ref)
    if stored is not None:
        retire(Matter(tx, now, connection_id, vendor, stored.booking))


def _take_in_hand(
    tx: Tx, vendor: LockVendor, stored: StoredBooking, now: datetime
) -> None:
    connection_id, ref = stored.connection_id, stored.ref
    all_held = accesses.of_booking(tx, connection_id, ref)
    told = messages.of_booking(tx, connection_id, ref)
    until = _under_way([*all_held, *told], now)
    if until is None:
        held = {access.id: access for access in all_held if access.wanted}
        matter = Matter(tx, now, connection_id, vendor, stored.booking)
        _bring_in_line(matter, held, told)
    if until != stored.due_at:
        bookings.mark(tx, connection_id, ref, until)


def _bring_in_line(
    matter: Matter, held: dict[str, Access], told: list[Message]
) -> None:
    resources = {matter.booking.details.resource}
    known = rules.for_resources(matter.tx, matter.connection_id, resources)
    traits = matter.vendor.traits
    outlook = desired(matter.booking, known, until=_until(matter), shared=traits.shared)
    found = [_held(access) for access in held.values()]
    decisions = decide(
        outlook.wanted,
        found,
        matter.plan,
        changeable=traits.changeable,
        replaced=traits.replaced,
    )
    stand = [amend(matter, decision, held) for decision in decisions]
    announce(matter, outlook.fired, [each for each in stand if each], told)
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
