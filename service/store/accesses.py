"""Accesses as rows of their table; `domain/access.py` holds their life cycle.

Invariants: every change names the row it expects. A worker that brings a vendor's
answer changes the row only while it still holds the lease. Accesses that are over stay
listed until `retention.py` deletes them (CON-08).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import field
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from service.domain.access import Status
from service.domain.rules import Wanted
from service.domain.schedule import Margin, Neighbour, Window, margin_of, recurring_of
from service.store import locks
from service.store.database import Tx, has_names, where_in
from service.store.table_gateway import Prepared, TableGateway
from service.store.tables import MARGIN, OF_BOOKING, goes_with_booking, stored_in


@stored_in(
    "accesses",
    goes_with_booking(),
    sa.Index(None, *OF_BOOKING),
    sa.Index(None, "connection_id", "id"),
    sa.Index(None, "lock_id", "valid_from"),
    sa.Index(None, "lock_id", "pin_fingerprint"),
)
class Access:
    """One customer's right to one lock for one window.

    `wanted` is false once the booking no longer asks for it. `start_at` and `end_at`
    are what was asked for, by booking or by hand; the window that the vendor makes of
    it was planned at `planned_at`. `made_from` and `made_until` are those of the code
    as the vendor was last seen to have it. `answer_lost` tells that an order may have
    gone out whose answer is not known, so that a code may exist. `key_fingerprint` is
    equal for all that go onto one customer's key of the lock. `extra_lock_ids` are
    further locks that the same code opens. Of its `attempts`, calls that went out,
    `polls` found the work on its way; the others failed, or one is under way. What it
    asks for is wanted since `asked_at`.
    """

    id: str
    connection_id: str
    lock_id: str
    vendor: str
    name: str
    by_hand: bool
    status: str
    start_at: datetime
    end_at: datetime | None
    kind: str | None
    valid_from: datetime | None
    valid_until: datetime | None
    first_use_by: datetime | None
    planned_at: datetime
    ordered_at: datetime
    asked_at: datetime
    due_at: datetime | None
    booking_ref: str | None = None
    resource: str | None = None
    reason: str | None = None
    notice: str | None = None
    wanted: bool = True
    variant: int | None = None
    answer_lost: bool = False
    sealed_pin: str | None = field(default=None, repr=False)
    pin_fingerprint: str | None = None
    ref: str | None = None
    link: str | None = field(default=None, repr=False)
    vendor_place: str | None = None
    made_from: datetime | None = None
    made_until: datetime | None = None
    created_at: datetime | None = None
    cancelled_at: datetime | None = None
    works_until: datetime | None = None
    attempts: int = 0
    polls: int = 0
    unseen: int = 0
    widened: int = 0
    lease: str | None = None
    recurring: str | None = None
    grace_minutes: int = 0
    key_fingerprint: str | None = None
    margin_before_hours: int = 0
    margin_after_hours: int = 0
    margin_before_minutes: int = 0
    margin_after_minutes: int = 0
    extra_lock_ids: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)

    @property
    def lock_ids(self) -> tuple[str, ...]:
        """Return all locks that it opens."""
        return (self.lock_id, *self.extra_lock_ids)

    @property
    def margin(self) -> Margin:
        """Return the time asked for around the booking."""
        return margin_of(*(getattr(self, name) for name in MARGIN))

    @property
    def asked_for(self) -> Wanted:
        """Return what it was last kept or ordered for."""
        return Wanted(
            self.lock_id,
            self.start_at,
            self.end_at or self.start_at,
            self.margin,
            recurring_of(self.recurring, self.grace_minutes),
            tuple(self.extra_lock_ids),
            tuple(self.options),
        )

    @property
    def next_try_at(self) -> datetime | None:
        """Return when the vendor is called (again), None for never or under way."""
        waits = self.attempts or self.status == Status.IN_PROGRESS
        return self.due_at if waits and not self.lease else None

    @property
    def superseded(self) -> bool:
        """Return whether it stays until its successor works and is known (CON-11)."""
        created = self.status == Status.CREATED
        return created and not self.wanted and self.cancelled_at is None

    @property
    def ends_at(self) -> datetime | None:
        """Return when its time is over: at its window's end, or once cancelled."""
        ends = [at for at in (self.valid_until, self.cancelled_at) if at is not None]
        return min(ends, default=None)

    def active(self, now: datetime) -> bool:
        """Return whether its booking asks for it and its time is not over."""
        stands = self.wanted and self.status in LIVE and self.cancelled_at is None
        return stands and (self.valid_until is None or self.valid_until > now)

    @property
    def live(self) -> bool:
        """Return whether there is a code, or may be one."""
        return self.answer_lost or self.status in LIVE

    def may_open(self, now: datetime) -> bool:
        """Return whether its code may open the door now or later."""
        return self.live and self.window is not None and not self.window.over(now)

    def held_window(self, now: datetime) -> Window | None:
        """Return the window of the code that exists, None where none does any more."""
        if self.kind is None or self.made_from is None:
            return None
        window = Window(self.kind, self.made_from, self.made_until, self.first_use_by)
        return None if window.over(now) else window

    def owned_with(self, other: Access) -> bool:
        """Return whether both are one booking's, or the very same."""
        own = (self.connection_id, self.booking_ref)
        of_one_booking = (other.connection_id, other.booking_ref) == own
        return self.id == other.id or (self.booking_ref is not None and of_one_booking)

    def runs_into(self, wanted: Wanted, now: datetime) -> bool:
        """Return whether its code, in use already, opens the first part of the time."""
        window, at = self.window, self.cancelled_at or now
        if self.status != Status.CREATED or window is None or window.end is None:
            return False
        # One that followed on another was itself asked for from that one's end on
        longer = wanted.start <= self.start_at and window.end < wanted.end
        same = wanted.lock == self.lock_id
        return same and longer and window.start <= at < window.end

    @property
    def unmade(self) -> bool:
        """Return whether the code that the booking wants does not exist yet."""
        return self.status in (Status.IN_PROGRESS, Status.FAILED) or self.behind

    @property
    def missing(self) -> bool:
        """Return whether there is not the code that the booking wants, though tried."""
        tried = self.attempts > 0 or self.status != Status.IN_PROGRESS
        return tried and (self.status != Status.CREATED or self.behind)

    @property
    def taken_away(self) -> bool:
        """Return whether somebody took the code away at the vendor."""
        return self.status == Status.REMOVED and self.cancelled_at is None

    @property
    def behind(self) -> bool:
        """Return whether its code works, but not as the booking wants it by now."""
        return self.status == Status.CREATED and self.reason is not None

    def wants_code(self, now: datetime) -> bool:
        """Return whether what is due is to order its code, or to order it again."""
        if not self.wanted or self.cancelled_at is not None:
            return False
        over = self.window is not None and self.window.over(now)
        return self.status == Status.IN_PROGRESS or (
            self.status in (Status.FAILED, Status.CREATED) and not over
        )

    @property
    def window(self) -> Window | None:
        """Return the planned window, None where the vendor has none that fits."""
        if self.kind is None or self.valid_from is None:
            return None
        return Window(self.kind, self.valid_from, self.valid_until, self.first_use_by)

    @property
    def neighbour(self) -> Neighbour | None:
        """Return its time as others of the lock see it, None without an end."""
        window = self.window
        if window is None or window.end is None:
            return None
        return Neighbour(self.start_at, self.end_at or window.end, window)


def window_columns(window: Window | None) -> dict[str, Any]:
    """Return the columns of the window, or of none."""
    return {
        "kind": window and window.kind,
        "valid_from": window and window.start,
        "valid_until": window and window.end,
        "first_use_by": window and window.first_use_by,
    }


def margin_columns(margin: Margin) -> dict[str, int]:
    """Return the columns of the margin."""
    return dict(zip(MARGIN, margin.written, strict=True))


AFRESH: Final = {"attempts": 0, "polls": 0, "unseen": 0}
"""The columns of an access for which no call was made yet."""

GATEWAY: Final = TableGateway(Access)
by_id: Final = GATEWAY.by_id
get: Final = GATEWAY.get
get_for_update: Final = GATEWAY.get_for_update
change: Final = GATEWAY.change_by_id
conclude: Final = GATEWAY.conclude
LIVE: Final = (Status.IN_PROGRESS, Status.CREATED)
_c, _lock = GATEWAY.table.c, locks.GATEWAY.table.c
_SUPERSEDED: Final = Prepared(
    sa.select(_c.id).where(
        _c.connection_id == sa.bindparam("connection_id"),
        _c.booking_ref == sa.bindparam("ref"),
        _c.status == sa.literal_column(f"'{Status.CREATED}'"),
        ~_c.wanted,
        _c.cancelled_at.is_(None),
    )
)
_NOT_REMOVED: Final = GATEWAY.query(
    _c.connection_id == sa.bindparam("connection_id"), _c.status != Status.REMOVED
)


def of_booking(tx: Tx, connection_id: str, ref: str) -> list[Access]:
    """Return every access the booking ever had, the oldest first."""
    return GATEWAY.all(tx, connection_id=connection_id, booking_ref=ref)


def of_lock(tx: Tx, lock_id: str) -> list[Access]:
    """Return every access to the lock, the newest first."""
    return GATEWAY.where(tx, opens(lock_id), newest_first=True)


def opens(lock_id: str) -> sa.ColumnElement[bool]:
    """Return the condition that an access opens the lock."""
    # A union, because with OR neither database would use the two indexes
    of_lock = sa.select(_lock.connection_id).where(_lock.id == lock_id)
    mine = _c.connection_id == of_lock.scalar_subquery()
    named = sa.cast(_c.extra_lock_ids, sa.Text).contains(lock_id)
    first = sa.select(_c.id).where(_c.lock_id == lock_id)
    return _c.id.in_(
        sa.union(
            first, sa.select(_c.id).where(has_names(_c.extra_lock_ids), mine, named)
        )
    )


def open_of_connection(tx: Tx, connection_id: str, now: datetime) -> list[Access]:
    """Return the connection's accesses whose codes may open a door."""
    found = GATEWAY.found_by(tx, _NOT_REMOVED, connection_id=connection_id)
    return [each for each in found if each.may_open(now)]


def to_come(tx: Tx, lock_id: str, now: datetime) -> list[Access]:
    """Return the accesses that open the lock, are wanted and not over."""
    beside = sa.cast(_c.extra_lock_ids, sa.Text).contains(lock_id)
    mine = ((_c.lock_id == lock_id) | beside) & _c.wanted & (_c.end_at > now)
    return GATEWAY.where(tx, mine)


def any_under_way(tx: Tx, connection_id: str) -> bool:
    """Return whether an order went out whose code is not known yet."""
    under_way = _c.answer_lost | _c.lease.is_not(None)
    mine = _c.connection_id == connection_id
    return bool(GATEWAY.where(tx, mine, under_way, limit=1))


def of_key(tx: Tx, lock_id: str, key_fingerprint: str) -> list[Access]:
    """Return every access that the key was ever set for, the oldest first."""
    return GATEWAY.all(tx, lock_id=lock_id, key_fingerprint=key_fingerprint)


def any_superseded(tx: Tx, connection_id: str, ref: str) -> bool:
    """Return whether an access of the booking is superseded."""
    return bool(_SUPERSEDED.rows(tx.sql, {"connection_id": connection_id, "ref": ref}))


def look_again(
    tx: Tx,
    now: datetime,
    *,
    connection_id: str | None = None,
    lock_id: str | None = None,
    vendor_ids: Collection[str] | None = None,
) -> None:
    """Make due at once what waits to be tried again; a time that was planned stays.

    `vendor_ids` name locks of the connection that said something: what is polled there
    is polled at short steps again.
    """
    those = _c.lock_id == lock_id
    if vendor_ids is not None:
        named = where_in(_lock.vendor_id, vendor_ids)
        mine = sa.select(_lock.id).where(_lock.connection_id == connection_id, named)
        those = _c.lock_id.in_(mine)
    elif lock_id is None:
        those = _c.connection_id == connection_id
    waits = (_c.due_at > now) & _c.lease.is_(None) & (_c.attempts > 0)
    polled = sa.case((_c.polls > 0, 1), else_=0)
    steps = {"attempts": _c.attempts - _c.polls + polled, "polls": polled}
    values = {"due_at": now, **(steps if vendor_ids is not None else {})}
    Prepared(sa.update(GATEWAY.table).where(those, waits).values(values)).count(tx.sql)


def ask_again(
    tx: Tx, connection_id: str, ref: str, now: datetime, *, removed: bool = False
) -> None:
    """Have the codes of a booking ordered again: those that failed, and those made.

    With `removed` those too that somebody took away.
    """
    for each in of_booking(tx, connection_id, ref):
        if removed and each.wanted and each.status == Status.REMOVED:
            change(tx, each.id, wanted=False)
        idle = each.lease is None and each.status != Status.IN_PROGRESS
        if idle and each.wants_code(now):
            change(tx, each.id, due_at=now)
