"""Manual codes: ordered and taken away by a person, without a booking (IGL-09).

Invariants: what a person asks for is made exactly so or refused with the fix, never
rounded. An order that was late is made for what is left of the time asked for.
What cannot be taken away is not said to be.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from service.domain.access import Status, Step
from service.domain.booking import check_instant
from service.domain.errors import NotPossible, NoWindow
from service.domain.schedule import HOUR, Window
from service.ids import new_id
from service.ports import LockVendor
from service.store import accesses, bookings, connections, locks, rules
from service.store.accesses import Access, window_columns
from service.store.database import Tx
from service.store.locks import Lock
from service.use_cases.context import Dependencies, ended_columns


@dataclass(frozen=True, slots=True)
class ManualCodeRequest:
    """The code a person asks for; `end` None where its kind has none."""

    kind: str
    start: datetime
    end: datetime | None
    name: str


def order(
    deps: Dependencies, lock: Lock, request: ManualCodeRequest, now: datetime
) -> Access:
    """Return the access that is now in progress; `NoWindow` where it cannot be."""
    check_instant("start", request.start)
    check_instant("end", request.end)

    def store(tx: Tx) -> Access:
        connection = connections.get(tx, lock.connection_id)
        _check_usable(tx, lock)
        window = deps.vendors[connection.vendor].planner.plan_by_hand(
            request.kind, request.start, request.end, now=now, zone=lock.zone
        )
        access = Access(
            id=new_id("acc", now),
            connection_id=connection.id,
            lock_id=lock.id,
            vendor=connection.vendor,
            name=request.name,
            by_hand=True,
            status=Status.IN_PROGRESS,
            start_at=request.start,
            end_at=request.end,
            planned_at=now,
            ordered_at=now,
            asked_at=now,
            due_at=now,
            **window_columns(window),
        )
        return accesses.GATEWAY.add(tx, access)

    return deps.store.write(store)


def plan(vendor: LockVendor, access: Access, *, now: datetime, zone: tzinfo) -> Window:
    """Return the window asked for or, once it has begun, what is left of it.

    An order waits for a vendor that is away. What is left has the kind and the end
    that were asked for; `NoWindow` says why there is none.
    """
    if access.window and access.window.over(now):
        raise NoWindow("its time was over before the vendor made it; order it anew")
    planner, kind, end = vendor.planner, access.kind or "", access.end_at
    try:
        return planner.plan_by_hand(kind, access.start_at, end, now=now, zone=zone)
    except NoWindow:
        if access.start_at >= now:
            raise
    try:
        soonest = planner.plan(now, now + HOUR, now=now, zone=zone).start
        return planner.plan_by_hand(kind, soonest, end, now=now, zone=zone)
    except NoWindow as none:
        raise NoWindow(
            "the vendor did not make it before its time began, and no code of its "
            f"kind covers what is left; order it anew. In the vendor's terms: {none}"
        ) from None


def take_away(deps: Dependencies, access_id: str, now: datetime) -> Access:
    """Return the access as it ends; `NotPossible` where the code cannot be revoked.

    Where the vendor has to be asked first, it is removed once the vendor answered.
    """

    def store(tx: Tx) -> Access:
        access = accesses.get_for_update(tx, access_id)
        values = _ended(tx, deps, access, now)
        accesses.change(tx, access.id, **values)
        return accesses.get(tx, access.id)

    return deps.store.write(store)


def reissue(deps: Dependencies, access_id: str, now: datetime) -> None:
    """Have another code made in place of a booking's; the old one ends (CON-10).

    Where the vendor takes none back, the old one goes on, and its access says so.
    """

    def store(tx: Tx) -> None:
        access = accesses.get_for_update(tx, access_id)
        if access.booking_ref is None or not access.wanted:
            raise NotPossible("it is no booking's code of now; make one by hand")
        of = access.connection_id, access.booking_ref
        accesses.change(tx, access.id, wanted=False)
        accesses.change(tx, access.id, **_ended(tx, deps, access, now, kept=True))
        bookings.set_due(tx, *of, now)

    deps.store.write(store)


def try_again(deps: Dependencies, access_id: str, now: datetime) -> None:
    """Have the vendor asked again now, and the booking looked at with its messages.

    Where somebody took the code away at the vendor, another one is ordered.
    """

    def store(tx: Tx) -> None:
        access = accesses.get_for_update(tx, access_id)
        if access.booking_ref is not None:
            of = access.connection_id, access.booking_ref
            bookings.set_due(tx, *of, now)
            accesses.ask_again(tx, *of, now, removed=True)
        waits = access.lease is None and access.status == Status.IN_PROGRESS
        if waits or (access.lease is None and access.wants_code(now)):
            accesses.change(tx, access.id, due_at=now)
        elif access.booking_ref is None:
            raise NotPossible("there is nothing to try again; make another code")

    deps.store.write(store)


def _ended(
    tx: Tx, deps: Dependencies, access: Access, now: datetime, *, kept: bool = False
) -> dict[str, object]:
    if access.lease and access.due_at and access.due_at > now:
        raise NotPossible("the vendor is being asked about it now; try again soon")
    if access.cancelled_at is not None:
        return {}
    connection = connections.get(tx, access.connection_id)
    vendor, zone = deps.vendors[connection.vendor], locks.get(tx, access.lock_id).zone
    end, columns = ended_columns(access, vendor, zone, now)
    if end.step is Step.KEPT and end.notice and not kept:
        raise NotPossible(end.notice)
    return columns


def _check_usable(tx: Tx, lock: Lock) -> None:
    if not lock.usable:
        raise NotPossible(f"{lock.name} cannot be used: {lock.unusable_reason}")
    if lock.id not in rules.locks_in_use(tx, lock.connection_id):
        raise NotPossible(
            f"{lock.name} is not coupled to a resource; add a rule that names it first"
        )
