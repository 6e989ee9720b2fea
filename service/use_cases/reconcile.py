"""Reconcile: a booking's accesses and messages are brought in line with it.

Invariants: one transaction, driven by what is stored and by nothing else. Doing it
again changes nothing, so a crash before or after it is the same. Work of the booking
that is under way is waited for, because its answer decides what there is to bring in
line.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache, partial
from typing import TYPE_CHECKING, Final

from service.domain.access import Held, Status, decide
from service.domain.booking import reach
from service.domain.rules import Wanted, desired
from service.observability import fault_of, log
from service.store import accesses, bookings, connections, messages, rules
from service.store.rules import recurring_key_of
from service.use_cases.apply_decision import ReconcileContext, apply_decision
from service.use_cases.end_superseded import end_superseded
from service.use_cases.plan_messages import plan_messages

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from service.ports import LockVendor
    from service.store.accesses import Access
    from service.store.bookings import StoredBooking
    from service.store.database import Tx
    from service.store.messages import Message
    from service.use_cases.dependencies import Dependencies

AT_ONCE: Final = 16
"""How many bookings are taken in hand in one transaction at most; whoever has an
answer to write down waits for no more than that."""

PAUSE: Final = timedelta(minutes=5)
"""How long a booking waits that we cannot reconcile, which is a fault of ours."""


def reconcile_due(tx: Tx, deps: Dependencies, now: datetime) -> int:
    """Return how many bookings with news were taken in hand, `AT_ONCE` at most."""
    vendor_of = cache(partial(vendor_for, tx, deps))
    found = bookings.due_to_reconcile(tx, now, limit=AT_ONCE)
    for stored in found:
        try:
            with tx.savepoint():
                _reconcile(tx, vendor_of(stored.connection_id), stored, now)
        except Exception as fault:  # noqa: BLE001 (one booking stops no other)
            connection_id, planned = stored.connection_id, fault_of(fault)
            log.error("booking not reconciled", connection=connection_id, fault=planned)
            bookings.set_due(tx, connection_id, stored.ref, now + PAUSE)
    return len(found)


def vendor_for(tx: Tx, deps: Dependencies, connection_id: str) -> LockVendor:
    """Return the vendor that the connection is one to."""
    return deps.vendors[connections.get(tx, connection_id).vendor]


def reconcile(
    tx: Tx, vendor: LockVendor, connection_id: str, ref: str, now: datetime
) -> None:
    """Bring the booking in line, or note when the work that is under way must end."""
    stored = bookings.get_for_update(tx, connection_id, ref)
    if stored is not None:
        _reconcile(tx, vendor, stored, now)


def end_superseded_accesses(
    tx: Tx, vendor: LockVendor, connection_id: str, ref: str, now: datetime
) -> None:
    """End what gave way, if it is time; nothing else is brought in line."""
    stored = bookings.get_for_update(tx, connection_id, ref)
    if stored is not None:
        end_superseded(ReconcileContext(tx, now, connection_id, vendor, stored.booking))


def _reconcile(
    tx: Tx, vendor: LockVendor, stored: StoredBooking, now: datetime
) -> None:
    connection_id, ref = stored.connection_id, stored.ref
    all_held = accesses.of_booking(tx, connection_id, ref)
    planned = messages.of_booking(tx, connection_id, ref)
    until = _under_way([*all_held, *planned], now)
    if until is None:
        held = {access.id: access for access in all_held if access.wanted}
        ctx = ReconcileContext(tx, now, connection_id, vendor, stored.booking)
        _apply_decisions(ctx, held, planned)
    if until != stored.due_at:
        bookings.set_due(tx, connection_id, ref, until)


def _apply_decisions(
    ctx: ReconcileContext, held: dict[str, Access], planned: list[Message]
) -> None:
    resources = {ctx.booking.details.resource}
    known = rules.for_resources(ctx.tx, ctx.connection_id, resources)
    vendor = ctx.vendor
    desired_state = desired(
        ctx.booking,
        known,
        until=_until(ctx),
        shared=vendor.one_code_for_all_locks,
    )
    found = [_held(access) for access in held.values()]
    decisions = decide(desired_state.wanted, found, ctx.plan, vendor.change_policy)
    current = [apply_decision(ctx, decision, held) for decision in decisions]
    plan_messages(ctx, desired_state.fired, [each for each in current if each], planned)
    end_superseded(ctx)


def _until(ctx: ReconcileContext) -> datetime | None:
    """Return until when a membership's codes are to reach now."""
    step = ctx.vendor.renewed_every
    if step is None or not ctx.booking.by_membership:
        return None
    return reach(ctx.booking.details.start, step, ctx.now)


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
            recurring_key_of(access.recurring, access.grace_minutes),
            tuple(access.extra_lock_ids),
            tuple(access.options),
        ),
        status=Status(access.status),
        window=access.window,
        planned_at=access.planned_at,
    )
