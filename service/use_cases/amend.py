"""Amend: one decision about one access of a booking is carried out.

Law: an access changes its status by the table of `domain/accesses.py` alone. What
takes a vendor is not done here but made due, by `due_at`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from service.domain.accesses import Status, Step, after
from service.domain.changes import Decision, Verb
from service.domain.endings import Standing, ending
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

    from service.domain.bookings import Booking
    from service.domain.windows import Window
    from service.ports import LockVendor
    from service.store.tx import Tx


GIVES_WAY: Final = (
    "The booking has changed: this one is taken back as soon as the customer knows "
    "the one that takes its place."
)


@dataclass(frozen=True, slots=True)
class Matter:
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
    """Return the vendor's window, a standing key's with its grace; or `NoWindow`."""
    start, end, margin = wanted.start, wanted.end, wanted.margin
    if wanted.standing is None:
        return vendor.plan(start, end, now=now, zone=zone, margin=margin)
    grace = wanted.standing.grace
    opens, closes = start - margin.before - grace, end + margin.after + grace
    return vendor.plan_standing(wanted.standing.form, opens, closes, now=now, zone=zone)


def amend(
    matter: Matter, decision: Decision, held: Mapping[str, Access]
) -> Access | None:
    """Carry the decision out; return the access that now stands for what is wanted.

    `held` are the booking's accesses by id. None where nothing is wanted of it.
    """
    match decision:
        case Decision(Verb.ORDER, wanted=Wanted() as wanted):
            return _order(matter, wanted)
        case Decision(Verb.KEEP, access=str(known), wanted=Wanted() as wanted):
            return _keep(matter, held[known], wanted)
        case Decision(Verb.MOVE, access=str(known), wanted=Wanted() as wanted):
            return _move(matter, held[known], wanted)
        case Decision(Verb.RETRY, access=str(known), wanted=Wanted() as wanted):
            return _retry(matter, held[known], wanted)
        case Decision(Verb.GIVE_WAY, access=str(known)):
            _give_way(matter, held[known])
        case Decision(Verb.END, access=str(known)):
            end(matter, held[known])
    return None


def _order(matter: Matter, wanted: Wanted) -> Access:
    access = Access(
        id=new_id("acc", matter.now),
        connection_id=matter.connection_id,
        booking_ref=matter.booking.ref,
        lock_id=wanted.lock,
        vendor=matter.vendor.name,
        by_hand=False,
        ordered_at=matter.now,
        **_asked_for(matter, wanted),
        **_attempt(matter, wanted, Status.IN_PROGRESS),
    )
    return accesses.SHELF.add(matter.tx, access)


def _keep(matter: Matter, access: Access, wanted: Wanted) -> Access:
    asked = _asked_for(matter, wanted)
    if all(getattr(access, name) == value for name, value in asked.items()):
        return access
    return _changed(matter, access, asked)


def _changed(matter: Matter, access: Access, values: Mapping[str, Any]) -> Access:
    accesses.change(matter.tx, access.id, **values)
    return replace(access, **values)


def _move(matter: Matter, access: Access, wanted: Wanted) -> Access:
    """Have the code's window changed; until then it may be either one's."""
    status = after(Status(access.status), Step.MOVED)
    attempt = _attempt(matter, wanted, status)
    if _needs_another(access, attempt):
        return _replace(matter, access, wanted)
    values = _asked_for(matter, wanted) | attempt
    return _changed(matter, access, values | {"answer_lost": True})


def _retry(matter: Matter, access: Access, wanted: Wanted) -> Access:
    status = Status(access.status)
    if status is Status.REMOVED:  # an admin took it away, for the time it was for
        accesses.change(matter.tx, access.id, wanted=False)
        return _order(matter, wanted)
    if status is Status.FAILED:
        status = after(status, Step.RETRIED)
    attempt = _attempt(matter, wanted, status)
    if _needs_another(access, attempt):
        return _replace(matter, access, wanted)
    return _changed(matter, access, _asked_for(matter, wanted) | attempt)


def _needs_another(access: Access, attempt: Mapping[str, Any]) -> bool:
    """Tell whether this access cannot just be given the new window.

    What goes onto a customer's key is taken off it and planned anew. Where there is
    no new window, the old one must not stay.
    """
    if access.key_mark is not None:
        return access.live
    may_be_there = access.answer_lost or access.status == Status.CREATED
    return may_be_there and attempt["due_at"] is None


def _replace(matter: Matter, access: Access, wanted: Wanted) -> Access:
    end(matter, access)
    return _order(matter, wanted)


def _give_way(matter: Matter, access: Access) -> None:
    gone = {"wanted": False, "notice": GIVES_WAY, "due_at": None}
    accesses.change(matter.tx, access.id, **gone)


def end(matter: Matter, access: Access) -> None:
    """Take the access back, or note why that cannot be."""
    status = Status(access.status)
    standing = Standing(
        status=status,
        revocable=matter.vendor.traits.revocable,
        answer_lost=access.answer_lost,
        valid_until=access.valid_until,
        zone=matter.zone(access.lock_id),
        tidied=matter.vendor.traits.tidied,
    )
    how = ending(standing, matter.now)
    accesses.change(
        matter.tx,
        access.id,
        wanted=False,
        status=after(status, how.step) if how.step else status,
        cancelled_at=matter.now,
        works_until=how.works_until,
        notice=how.notice,
        **accesses.AFRESH,
        due_at=matter.now if how.revoke else None,
        lease=None,
    )


def _asked_for(matter: Matter, wanted: Wanted) -> dict[str, Any]:
    """Return what the booking asks for, in the access's columns."""
    return {
        "resource": matter.booking.details.resource,
        "start_at": wanted.start,
        "end_at": wanted.end,
        **accesses.margin_columns(wanted.margin),
        "beside": list(wanted.beside),
        "options": list(wanted.options),
        "standing": wanted.standing and wanted.standing.form,
        "grace_minutes": wanted.standing.grace_minutes if wanted.standing else 0,
    }


def _attempt(matter: Matter, wanted: Wanted, status: Status) -> dict[str, Any]:
    """Return the columns of a first attempt: due now, or failed without a window."""
    window, reason = None, None
    try:
        window = matter.plan(wanted, matter.now)
    except NoWindow as refused:
        status, reason = after(status, Step.REFUSED), refused.reason
    key = key_for(matter, wanted, window)
    return {
        "status": status,
        "reason": reason,
        "notice": key.notice,
        "planned_at": matter.now,
        **accesses.window_columns(window),
        "variant": None,
        **accesses.AFRESH,
        "due_at": key.due_at if window else None,
        "lease": None,
        "key_mark": key.mark,
        "name": key.name if key.mark else matter.booking.ref,
    }
