"""Compose: what an order for a code says, from what is stored of its access.

Invariants: nothing is changed here. What was said in an order that may have gone out is
said again: the same variant for the same window, the same PIN (IGL-12, NUK-02).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain.access import free_pin, free_variant
from service.domain.rules import Wanted
from service.ids import draw
from service.ports import NOBODY, Order
from service.secret import Secret
from service.store import accesses, bookings, locks
from service.store.rules import recurring_key_of
from service.use_cases import manual_code, push_schedule
from service.use_cases.apply_decision import planned

if TYPE_CHECKING:
    from datetime import datetime

    from service.domain.booking import Customer
    from service.domain.schedule import Window
    from service.ports import LockVendor
    from service.store.accesses import Access
    from service.store.database import Tx
    from service.store.locks import Lock


def compose(
    tx: Tx, vendor: LockVendor, access: Access, lock: Lock, now: datetime
) -> Order:
    """Return the order; `DomainError` where there is nothing to order."""
    window = _window(vendor, access, lock, now)
    return Order(
        lock.vendor_id,
        window,
        _variant(tx, vendor, access, lock, window),
        access.name,
        lock.zone,
        _pin(tx, vendor, access, now),
        repeated=access.answer_lost,
        access=access.id,
        extra_lock_ids=_extra_lock_ids(tx, access),
        options=tuple(access.options),
        customer=_customer(tx, access),
    )


def next_variant(tx: Tx, vendor: LockVendor, access: Access, order: Order) -> int:
    """Return the variant after the one that was ordered; `NoVariant` after the last."""
    window, tried = order.window, range(1, order.variant + 1)
    taken, count = _taken(tx, access, window), vendor.planner.variants(window.kind)
    return free_variant(window, taken | set(tried), count=count, zone=order.zone)


def _extra_lock_ids(tx: Tx, access: Access) -> tuple[str, ...]:
    """Return the vendor's ids of the further locks that the code opens."""
    if not access.extra_lock_ids:
        return ()
    by_id = locks.by_ids(tx, set(access.extra_lock_ids))
    return tuple(by_id[each].vendor_id for each in access.extra_lock_ids)


def _customer(tx: Tx, access: Access) -> Customer:
    """Return whom to ask in; nobody is named where no option asks for it."""
    if not access.options or access.booking_ref is None:
        return NOBODY
    booking = bookings.get(tx, access.connection_id, access.booking_ref)
    return booking.details.customer


def _window(vendor: LockVendor, access: Access, lock: Lock, now: datetime) -> Window:
    """Return the window as of now, since none may begin before the current hour."""
    if access.by_hand:
        return manual_code.plan(vendor, access, now=now, zone=lock.zone)
    start, end = access.start_at, access.end_at
    recurring = recurring_key_of(access.recurring, access.grace_minutes)
    wanted = Wanted(lock.id, start, end or start, access.margin, recurring)
    return planned(vendor, wanted, now=now, zone=lock.zone)


def _variant(
    tx: Tx, vendor: LockVendor, access: Access, lock: Lock, window: Window
) -> int:
    if vendor.pin_form is not None:  # the PIN tells codes of one window apart
        return 1
    if access.variant is not None and access.window == window:
        return access.variant
    count = vendor.planner.variants(window.kind)
    taken = _taken(tx, access, window)
    return free_variant(window, taken, count=count, zone=lock.zone)


def _taken(tx: Tx, access: Access, window: Window) -> set[int]:
    rivals = accesses.rivals(tx, access, window)
    return {rival.variant for rival in rivals if rival.variant is not None}


def _pin(tx: Tx, vendor: LockVendor, access: Access, now: datetime) -> Secret | None:
    """Return the PIN that the order names: of our choice, and then always the same.

    A key's own is tried first, and given up like any other where it is taken.
    """
    form = vendor.pin_form
    if form is None:
        return None
    known = access.sealed_pin
    if known is None and not access.attempts:
        known = push_schedule.sealed_pin(tx, access)
    if known is not None:
        return tx.vault.open(known)

    def taken(pin: str) -> bool:
        fingerprint = tx.vault.fingerprint(Secret(pin))
        return bool(accesses.with_pin(tx, access, fingerprint, now))

    return Secret(free_pin(form, draw, taken))
