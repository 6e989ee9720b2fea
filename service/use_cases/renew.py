"""Renew: a member's code that nears its end is made to reach further (EXV-02).

Invariants: a member's access that is created comes due when its code is to be renewed.
It is not renewed here: its membership is brought in line again, which by then wants a
later end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain.access import Status
from service.domain.booking import membership_of, renewal
from service.store import accesses, bookings

if TYPE_CHECKING:
    from datetime import datetime

    from service.domain.schedule import Window
    from service.store.accesses import Access
    from service.store.database import Tx
    from service.store.leases import Lease


def applies(access: Access, now: datetime) -> bool:
    """Tell whether this is a member's code that works and can be renewed."""
    stands = access.wanted and access.status == Status.CREATED
    known = stands and membership_of(access.booking_ref) is not None
    return known and access.window is not None and not access.window.over(now)


def renewed(access: Access, window: Window) -> dict[str, object]:
    """Return the columns of a member's access that got this code."""
    if membership_of(access.booking_ref) is None or window.end is None:
        return {}
    return {"due_at": renewal(window.end), **accesses.AFRESH}


def prepare(tx: Tx, access: Access, lease: Lease) -> None:
    """Have the membership brought in line, unless that is too early."""
    end = access.valid_until
    due_at = renewal(end) if end and lease.since < renewal(end) else None
    accesses.change(tx, access.id, due_at=due_at)
    if due_at is None:
        bookings.set_due(
            tx, access.connection_id, access.booking_ref or "", lease.since
        )
