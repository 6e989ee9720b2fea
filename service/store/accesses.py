"""Accesses, as they stand in the table; their life is `domain/accesses.py`.

Law: every change names the row it expects. A worker that comes back with a vendor's
answer changes the row only while it still holds the lease.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from typing import Final

from service.domain.accesses import Status
from service.domain.windows import Margin
from service.domain.windows import Window
from service.store import tables
from service.store.shelf import Shelf

if TYPE_CHECKING:
    from datetime import datetime

    from service.store.tx import Tx


@dataclass(frozen=True, slots=True)
class Access:
    """One customer's right to one lock for one window.

    `wanted` is false once the booking no longer asks for it. `start_at` and
    `end_at` are what was asked for, by booking or by hand; the window that the
    vendor makes of it was planned at `planned_at`. `answer_lost` tells that an order
    may have gone out whose answer is not known.
    """

    id: str
    connection_id: str
    booking_ref: str | None
    resource: str | None
    lock_id: str
    name: str
    by_hand: bool
    wanted: bool
    status: str
    reason: str | None
    notice: str | None
    start_at: datetime
    end_at: datetime | None
    margin_before_hours: int
    margin_after_hours: int
    planned_at: datetime
    kind: str | None
    valid_from: datetime | None
    valid_until: datetime | None
    first_use_by: datetime | None
    variant: int | None
    answer_lost: bool
    sealed_pin: str | None
    pin_mark: str | None
    ref: str | None
    link: str | None
    vendor_place: str | None
    ordered_at: datetime
    created_at: datetime | None
    cancelled_at: datetime | None
    works_until: datetime | None
    attempts: int
    due_at: datetime | None
    lease: str | None

    @property
    def margin(self) -> Margin:
        """Return the hours asked for around the booking."""
        return Margin(self.margin_before_hours, self.margin_after_hours)

    @property
    def window(self) -> Window | None:
        """Return the planned window, None where the vendor has none that fits."""
        if self.kind is None or self.valid_from is None:
            return None
        return Window(self.kind, self.valid_from, self.valid_until, self.first_use_by)


SHELF: Final = Shelf(tables.accesses, Access)
_c = tables.accesses.c
_MAY_OPEN: Final = _c.answer_lost | _c.status.in_([Status.IN_PROGRESS, Status.CREATED])


def by_id(tx: Tx, access_id: str) -> Access | None:
    """Return the access, or None."""
    return SHELF.find(tx, _c.id == access_id)


def of_booking(tx: Tx, connection_id: str, ref: str) -> list[Access]:
    """Return every access the booking ever had, the oldest first."""
    return SHELF.all(tx, _c.connection_id == connection_id, _c.booking_ref == ref)


def rivals(tx: Tx, access: Access, window: Window) -> list[Access]:
    """Return the other accesses of the lock whose code of this window may open it."""
    return SHELF.all(
        tx,
        _c.lock_id == access.lock_id,
        _c.id != access.id,
        _c.kind == window.kind,
        _c.valid_from == window.start,
        _c.valid_until.is_not_distinct_from(window.end),
        _MAY_OPEN,
    )


def with_pin(tx: Tx, access: Access, pin_mark: str, now: datetime) -> list[Access]:
    """Return other accesses of the lock whose code looks the same and may open it."""
    not_over = _c.valid_until.is_(None) | (_c.valid_until > now)
    same = (_c.lock_id == access.lock_id) & (_c.pin_mark == pin_mark)
    return SHELF.all(tx, same, _c.id != access.id, _MAY_OPEN, not_over)


def change(tx: Tx, access_id: str, **values: object) -> None:
    """Give the access the values."""
    SHELF.change(tx, _c.id == access_id, **values)


def conclude(tx: Tx, access_id: str, lease: str, **values: object) -> bool:
    """Tell whether the values were taken: only from the one who holds the lease."""
    held = (_c.id == access_id) & (_c.lease == lease)
    return SHELF.change(tx, held, lease=None, **values) == 1
