"""Reconcile: bring a booking's accesses and messages in line with it.

Invariants:

- One transaction, driven by what is stored and by nothing else. Doing it again changes
  nothing, so a crash before or after it is the same.
- Work of the booking that is under way is waited for, because its answer decides what
  there is to bring in line.
- An access changes its status by the table of `domain/access.py` alone. A call to a
  vendor is not made here but made due, by `due_at`.
- Where a code is replaced, the customer has a way in at every moment (CON-11): the old
  access ends once nothing is still being made and every message due was tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any, Final

from service.domain.access import (
    ChangePolicy,
    Decision,
    Held,
    Status,
    Step,
    Verb,
    after,
    decide,
    notice_due_at,
)
from service.domain.booking import reach, renewal, seen_with
from service.domain.errors import NoWindow
from service.domain.rules import Rule, Wanted, desired
from service.ids import new_id
from service.observability import fault_of, log
from service.ports import LockVendor
from service.store import accesses, bookings, connections, locks, messages, rules
from service.store.accesses import Access
from service.store.bookings import StoredBooking
from service.store.database import Tx, is_conflict
from service.store.messages import Message, MessageStatus
from service.use_cases.context import (
    Dependencies,
    ReconcileContext,
    ask_neighbours,
    ended_columns,
)
from service.use_cases.plan_messages import plan_messages
from service.use_cases.recurring import key_for

AT_ONCE: Final = 16
"""How many bookings are taken in hand in one transaction; answers wait for no more."""

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
        except Exception as fault:
            if is_conflict(fault):  # the transaction runs again
                raise
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


def reconcile_for(tx: Tx, vendor: LockVendor, access: Access, now: datetime) -> None:
    """Bring the access's booking in line, if it has one."""
    if access.booking_ref is not None:
        reconcile(tx, vendor, access.connection_id, access.booking_ref, now)


def _reconcile(
    tx: Tx, vendor: LockVendor, stored: StoredBooking, now: datetime
) -> None:
    connection_id, ref = stored.connection_id, stored.ref
    all_held = accesses.of_booking(tx, connection_id, ref)
    planned = messages.of_booking(tx, connection_id, ref)
    until = _under_way([*all_held, *planned], now)
    if until is None:
        others = bookings.elsewhere(tx, connection_id, ref)
        booking = seen_with(stored.booking, [each.booking for each in others])
        ctx = ReconcileContext(tx, now, connection_id, vendor, booking)
        until = _apply_decisions(ctx, all_held, planned)
    if until != stored.due_at:
        bookings.set_due(tx, connection_id, ref, until)


def _apply_decisions(
    ctx: ReconcileContext, every: list[Access], planned: list[Message]
) -> datetime | None:
    """Do what the booking asks for now; return when to look at it again.

    `every` access that it ever had is given, and every message.
    """
    held = {access.id: access for access in every if access.wanted}
    for access in [each for each in held.values() if _leaked(ctx, each, planned)]:
        end(ctx, access)
        del held[access.id]
    resources = set(ctx.booking.details.resources)
    least = connections.get(ctx.tx, ctx.connection_id).margin
    found_rules = rules.for_resources(ctx.tx, ctx.connection_id, resources)
    known = [each.with_margin(least) for each in found_rules]
    vendor, until = ctx.vendor, _until(ctx)
    shared = vendor.one_code_for_all_locks
    apart = _unusable(ctx, known, held) if shared else ()
    desired_state = desired(ctx.booking, known, until=until, shared=shared, apart=apart)
    running = [] if vendor.revocation else every
    wanted = [_after_running(ctx, each, held, running) for each in desired_state.wanted]
    found = [_held(access) for access in held.values()]
    decisions = decide(wanted, found, ctx.plan, vendor.change_policy)
    applied = [apply_decision(ctx, decision, held) for decision in decisions]
    current = [each for each in applied if each]
    plan_messages(ctx, desired_state.fired, current, planned)
    end_superseded(ctx)
    looks = [
        notice_due_at(each.asked_at, each.start_at) for each in current if each.unmade
    ]
    if until and current:
        looks.append(renewal(until))
    return min((at for at in looks if at > ctx.now), default=None)


def _unusable(
    ctx: ReconcileContext, known: Iterable[Rule], held: Mapping[str, Access]
) -> set[str]:
    """Return the locks that no code is made for now: each would fail the others' too.

    A code that is made already stays one code.
    """
    named = {lock for rule in known for lock in rule.locks}
    unusable = {
        each.id for each in locks.by_ids(ctx.tx, named).values() if not each.usable
    }
    made = [each for each in held.values() if each.status == Status.CREATED]
    return unusable.difference(*(each.lock_ids for each in made))


def _after_running(
    ctx: ReconcileContext,
    want: Wanted,
    held: dict[str, Access],
    made: Iterable[Access],
) -> Wanted:
    """Return what is wanted beside a code in use that cannot be taken back.

    Its customer goes on using it, so another would die unused (IGL-05): the next one
    begins where it ends.
    """
    running = [each for each in made if each.runs_into(want, ctx.now)]
    for access in running:
        if access.id in held:
            end(ctx, held.pop(access.id))
    ends = [each.valid_until for each in running if each.valid_until]
    if not ends:
        return want
    margin = replace(want.margin, before=timedelta())
    return replace(want, start=max(ends), margin=margin)


def _leaked(ctx: ReconcileContext, access: Access, planned: list[Message]) -> bool:
    """Return whether the code was told to an address that is not the customer's.

    It was corrected since, so another code is made where this one can be taken back.
    """
    customer = ctx.booking.details.customer
    addresses = {customer.email, customer.phone} - {None}
    told = [each.recipient for each in planned if each.delivered(access.id)]
    revocable = ctx.vendor.revocation is not None
    return bool(revocable and addresses and told and told[-1] not in addresses)


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
        wanted=access.asked_for,
        status=Status(access.status),
        window=access.window,
        planned_at=access.planned_at,
        behind=access.behind,
        widened=access.widened,
    )


SUPERSEDED: Final = (
    "The booking has changed: this one is taken back as soon as the customer knows "
    "the one that takes its place."
)


def apply_decision(
    ctx: ReconcileContext, decision: Decision, held: Mapping[str, Access]
) -> Access | None:
    """Carry the decision out; return the access that now stands for what is wanted.

    `held` are the booking's accesses by id. None where nothing is wanted of it.
    """
    match decision:
        case Decision(Verb.ORDER, wanted=Wanted() as wanted):
            return _order(ctx, wanted)
        case Decision(Verb.KEEP, access=str(known), wanted=Wanted() as wanted):
            return _keep(ctx, held[known], wanted)
        case Decision(Verb.MOVE, access=str(known), wanted=Wanted() as wanted):
            return _move(ctx, held[known], wanted)
        case Decision(Verb.RETRY, access=str(known), wanted=Wanted() as wanted):
            return _retry(ctx, held[known], wanted)
        case Decision(Verb.SUPERSEDE, access=str(known)):
            _supersede(ctx, held[known])
        case Decision(Verb.END, access=str(known)):
            end(ctx, held[known])
    return None


def _order(ctx: ReconcileContext, wanted: Wanted) -> Access:
    access = Access(
        id=new_id("acc", ctx.now),
        connection_id=ctx.connection_id,
        booking_ref=ctx.booking.ref,
        lock_id=wanted.lock,
        vendor=ctx.vendor.name,
        by_hand=False,
        ordered_at=ctx.now,
        **_demand_columns(wanted),
        **_attempt_columns(ctx, wanted, Status.IN_PROGRESS),
    )
    return accesses.GATEWAY.add(ctx.tx, access)


def _keep(ctx: ReconcileContext, access: Access, wanted: Wanted) -> Access:
    demand = _demand_columns(wanted)
    if all(getattr(access, name) == value for name, value in demand.items()):
        return access
    return _changed(ctx, access, demand)


def _changed(
    ctx: ReconcileContext, access: Access, values: Mapping[str, Any]
) -> Access:
    accesses.change(ctx.tx, access.id, **values)
    return replace(access, **values)


def _move(ctx: ReconcileContext, access: Access, wanted: Wanted) -> Access:
    """Have the code's window changed; until then it may be either one's."""
    status = after(Status(access.status), Step.MOVED)
    attempt = _attempt_columns(ctx, wanted, status)
    if _needs_another(access, attempt):
        return _replace(ctx, access, wanted)
    values = _demand_columns(wanted) | attempt
    return _changed(ctx, access, values | {"answer_lost": True})


def _retry(ctx: ReconcileContext, access: Access, wanted: Wanted) -> Access:
    status = Status(access.status)
    if status is Status.REMOVED:  # an admin took it away, for the time it was for
        accesses.change(ctx.tx, access.id, wanted=False)
        return _order(ctx, wanted)
    if status is Status.FAILED:
        status = after(status, Step.RETRIED)
    attempt = _attempt_columns(ctx, wanted, status)
    if _needs_another(access, attempt):
        return _replace(ctx, access, wanted)
    return _changed(ctx, access, _demand_columns(wanted) | attempt)


def _needs_another(access: Access, attempt: Mapping[str, Any]) -> bool:
    """Return whether this access cannot just be given the new window.

    What goes onto a customer's key is taken off it and planned anew. Where there is
    no new window, the old one must not stay.
    """
    if access.key_fingerprint is not None:
        return access.live
    may_be_there = access.answer_lost or access.status == Status.CREATED
    return may_be_there and attempt["due_at"] is None


def _replace(ctx: ReconcileContext, access: Access, wanted: Wanted) -> Access:
    end(ctx, access)
    return _order(ctx, wanted)


def _supersede(ctx: ReconcileContext, access: Access) -> None:
    gone = {"wanted": False, "notice": SUPERSEDED, "due_at": None}
    accesses.change(ctx.tx, access.id, **gone)


def end(ctx: ReconcileContext, access: Access) -> None:
    """Take the access back, or note why that cannot be."""
    zone = ctx.zone(access.lock_id)
    _, columns = ended_columns(access, ctx.vendor, zone, ctx.now)
    accesses.change(ctx.tx, access.id, wanted=False, **columns)


def _demand_columns(wanted: Wanted) -> dict[str, Any]:
    """Return what the booking asks for, in the access's columns."""
    return {
        "resource": wanted.resource,
        "start_at": wanted.start,
        "end_at": wanted.end,
        **accesses.margin_columns(wanted.margin),
        "extra_lock_ids": list(wanted.extra_lock_ids),
        "options": list(wanted.options),
        "recurring": wanted.recurring and wanted.recurring.written,
        "grace_minutes": wanted.recurring.grace_minutes if wanted.recurring else 0,
    }


def _attempt_columns(
    ctx: ReconcileContext, wanted: Wanted, status: Status
) -> dict[str, Any]:
    """Return the columns of a first attempt: due now, or failed without a window."""
    window, reason = None, None
    try:
        window = ctx.plan(wanted, ctx.now)
        ask_neighbours(ctx, wanted.lock, window)
    except NoWindow as refused:
        status, reason = after(status, Step.REFUSED), refused.reason
    key = key_for(ctx, wanted, window)
    if key.due_at > ctx.now:
        shown = key.due_at.astimezone(ctx.zone(wanted.lock))
        reason = f"it goes onto the customer's key at {shown:%Y-%m-%d %H:%M}"
    return {
        "status": status,
        "reason": reason,
        "notice": key.notice,
        "planned_at": ctx.now,
        "asked_at": ctx.now,
        **accesses.window_columns(window),
        "variant": None,
        "widened": 0,
        **accesses.AFRESH,
        "due_at": key.due_at if window else None,
        "lease": None,
        "key_fingerprint": key.fingerprint,
        "name": key.name if key.fingerprint else ctx.booking.ref,
    }


def end_superseded(ctx: ReconcileContext) -> None:
    """End the booking's accesses that gave way, if it is time."""
    tx, of = ctx.tx, (ctx.connection_id, ctx.booking.ref)
    replaces = ctx.vendor.change_policy is ChangePolicy.REPLACE
    if not replaces or not accesses.any_superseded(tx, *of):
        return
    found = accesses.of_booking(tx, *of)
    if any(each.wanted and each.status == Status.IN_PROGRESS for each in found):
        return
    untried = [each for each in messages.of_booking(tx, *of) if not each.attempts]
    waiting = [each for each in untried if each.status == MessageStatus.WAITING]
    if any(each.send_at <= ctx.now for each in waiting):
        return
    for access in found:
        if access.superseded:
            end(ctx, access)
