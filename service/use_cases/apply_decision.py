"""Amend: one decision about one access of a booking is carried out.

Invariants: an access changes its status by the table of `domain/access.py` alone.
What takes a vendor is not done here but made due, by `due_at`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from service.domain.access import (
    AccessFacts,
    Decision,
    Status,
    Step,
    Verb,
    after,
    ending,
)
from service.domain.errors import NoWindow
from service.domain.rules import Wanted
from service.ids import new_id
from service.store import accesses, locks
from service.store.accesses import Access
from service.use_cases.push_schedule import key_for

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, tzinfo
    from zoneinfo import ZoneInfo

    from service.domain.booking import Booking
    from service.domain.schedule import Window
    from service.ports import LockVendor
    from service.store.database import Tx


SUPERSEDED: Final = (
    "The booking has changed: this one is taken back as soon as the customer knows "
    "the one that takes its place."
)


@dataclass(frozen=True, slots=True)
class ReconcileContext:
    """One booking at one moment, and what decisions about it need."""

    tx: Tx
    now: datetime
    connection_id: str
    vendor: LockVendor
    booking: Booking

    def zone(self, lock_id: str) -> ZoneInfo:
        """Return the time zone on the lock's own clock."""
        return locks.get(self.tx, lock_id).zone

    def plan(self, wanted: Wanted, now: datetime) -> Window:
        """Return the vendor's window for what is wanted, or raise `NoWindow`."""
        return planned(self.vendor, wanted, now=now, zone=self.zone(wanted.lock))


def planned(
    vendor: LockVendor, wanted: Wanted, *, now: datetime, zone: tzinfo
) -> Window:
    """Return the vendor's window, a recurring key's with its grace; or `NoWindow`."""
    start, end, margin = wanted.start, wanted.end, wanted.margin
    if wanted.recurring is None:
        return vendor.planner.plan(start, end, now=now, zone=zone, margin=margin)
    grace = wanted.recurring.grace
    opens, closes = start - margin.before - grace, end + margin.after + grace
    form = wanted.recurring.form
    if vendor.recurring is None:
        raise NoWindow(f"{vendor.name} has no recurring keys of form {form!r}")
    return vendor.recurring.plan(form, opens, closes, now=now, zone=zone)


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
        **_demand_columns(ctx, wanted),
        **_attempt_columns(ctx, wanted, Status.IN_PROGRESS),
    )
    return accesses.GATEWAY.add(ctx.tx, access)


def _keep(ctx: ReconcileContext, access: Access, wanted: Wanted) -> Access:
    demand = _demand_columns(ctx, wanted)
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
    values = _demand_columns(ctx, wanted) | attempt
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
    return _changed(ctx, access, _demand_columns(ctx, wanted) | attempt)


def _needs_another(access: Access, attempt: Mapping[str, Any]) -> bool:
    """Tell whether this access cannot just be given the new window.

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
    status = Status(access.status)
    facts = AccessFacts(
        status=status,
        revocable=ctx.vendor.revocation is not None,
        answer_lost=access.answer_lost,
        valid_until=access.valid_until,
        zone=ctx.zone(access.lock_id),
        keeps_expired_codes=ctx.vendor.keeps_expired_codes,
    )
    how = ending(facts, ctx.now)
    accesses.change(
        ctx.tx,
        access.id,
        wanted=False,
        status=after(status, how.step) if how.step else status,
        cancelled_at=ctx.now,
        works_until=how.works_until,
        notice=how.notice,
        **accesses.AFRESH,
        due_at=ctx.now if how.revoke else None,
        lease=None,
    )


def _demand_columns(ctx: ReconcileContext, wanted: Wanted) -> dict[str, Any]:
    """Return what the booking asks for, in the access's columns."""
    return {
        "resource": ctx.booking.details.resource,
        "start_at": wanted.start,
        "end_at": wanted.end,
        **accesses.margin_columns(wanted.margin),
        "extra_lock_ids": list(wanted.extra_lock_ids),
        "options": list(wanted.options),
        "recurring": wanted.recurring and wanted.recurring.form,
        "grace_minutes": wanted.recurring.grace_minutes if wanted.recurring else 0,
    }


def _attempt_columns(
    ctx: ReconcileContext, wanted: Wanted, status: Status
) -> dict[str, Any]:
    """Return the columns of a first attempt: due now, or failed without a window."""
    window, reason = None, None
    try:
        window = ctx.plan(wanted, ctx.now)
    except NoWindow as refused:
        status, reason = after(status, Step.REFUSED), refused.reason
    key = key_for(ctx, wanted, window)
    return {
        "status": status,
        "reason": reason,
        "notice": key.notice,
        "planned_at": ctx.now,
        **accesses.window_columns(window),
        "variant": None,
        **accesses.AFRESH,
        "due_at": key.due_at if window else None,
        "lease": None,
        "key_fingerprint": key.fingerprint,
        "name": key.name if key.fingerprint else ctx.booking.ref,
    }
