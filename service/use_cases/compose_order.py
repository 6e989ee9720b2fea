"""Compose the order of a code: its window, its variant, its PIN.

Invariants: two accesses never share a code (IGL-12). The same access in the same state
has the same order, so repeating one makes no second code.
"""

from __future__ import annotations

from datetime import datetime

from service.domain.access import Status, free_pin, free_variant
from service.domain.booking import Customer
from service.domain.errors import NoVariant, NoWindow
from service.domain.schedule import WIDER, Window
from service.ids import draw
from service.ports import NOBODY, LockVendor, Order
from service.secret import Secret
from service.store import accesses, bookings, locks, rivals
from service.store.accesses import Access
from service.store.database import Tx
from service.store.locks import Lock
from service.use_cases import manual_code
from service.use_cases.context import neighbours, planned
from service.use_cases.recurring import sealed_pin


def compose(
    tx: Tx, vendor: LockVendor, access: Access, lock: Lock, now: datetime
) -> tuple[Order, int]:
    """Return the order, and how much wider than planned its window is.

    Raise `DomainError` where there is nothing to order.
    """
    window, variant, widened = _free_window(tx, vendor, access, lock, now)
    order = Order(
        lock.vendor_id,
        window,
        variant,
        access.name,
        lock.zone,
        _pin(tx, vendor, access, now),
        repeated=access.answer_lost or access.made_from is not None,
        access=access.id,
        extra_lock_ids=_extra_lock_ids(tx, access),
        options=tuple(access.options),
        customer=_customer(tx, access),
    )
    return order, widened


def _free_window(
    tx: Tx, vendor: LockVendor, access: Access, lock: Lock, now: datetime
) -> tuple[Window, int, int]:
    """Return a window and a variant that are free, and how much wider it is.

    A code that exists keeps its own. A wider window is for hours whose codes were used
    up by bookings that are gone; where all are guests', one more is refused (IGL-12).
    By hand exactly what was asked for is made.
    """
    if access.window and access.status == Status.CREATED and not access.behind:
        variant = _variant(tx, vendor, access, lock, access.window)
        return access.window, variant, access.widened
    none_left: NoVariant | None = None
    for steps in range(access.widened, 1 if access.by_hand else len(WIDER)):
        window = _window(tx, vendor, access, lock, now, steps)
        try:
            return window, _variant(tx, vendor, access, lock, window), steps
        except NoVariant as none:
            if all(each.wanted for each in rivals.rivals(tx, access, window)):
                raise none_left or none from None
            none_left = none_left or none
    raise none_left or NoWindow("there is no wider window")


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
    """Return the customer to invite; nobody is named where no option needs it."""
    if not access.options or access.booking_ref is None:
        return NOBODY
    booking = bookings.get(tx, access.connection_id, access.booking_ref)
    return booking.details.customer


def _window(  # noqa: PLR0913, PLR0917 (what is known of one order)
    tx: Tx, vendor: LockVendor, access: Access, lock: Lock, now: datetime, steps: int
) -> Window:
    """Return the window as of now, since none may begin before the current hour."""
    if access.by_hand:
        return manual_code.plan(vendor, access, now=now, zone=lock.zone)
    beside = neighbours(tx, vendor, lock.id, access.booking_ref, now)
    wider = access.asked_for.wider(steps)
    return planned(vendor, wider, now=now, zone=lock.zone, beside=beside)


def _variant(
    tx: Tx, vendor: LockVendor, access: Access, lock: Lock, window: Window
) -> int:
    if vendor.pin_form is not None:  # the PIN tells codes of one window apart
        return 1
    if access.variant is not None and access.window == window:
        return access.variant
    count = vendor.planner.variants(window.kind)
    taken = _taken(tx, access, window)
    if len(taken) >= count:  # then one that the booking itself had before is as good
        taken = _taken(tx, access, window, but_its_own=True)
    return free_variant(window, taken, count=count, zone=lock.zone)


def _taken(
    tx: Tx, access: Access, window: Window, *, but_its_own: bool = False
) -> set[int]:
    others = rivals.rivals(tx, access, window)
    if but_its_own:
        others = [each for each in others if not access.owned_with(each)]
    return {each.variant for each in others if each.variant is not None}


def _pin(tx: Tx, vendor: LockVendor, access: Access, now: datetime) -> Secret | None:
    """Return the PIN that the order names: of our choice, and then always the same.

    A key's own is tried first, and given up like any other where it is taken.
    """
    form = vendor.pin_form
    if form is None:
        return None
    known = access.sealed_pin
    if known is None and not access.attempts:
        known = sealed_pin(tx, access)
    if known is not None:
        return tx.vault.open(known)

    def taken(pin: str) -> bool:
        fingerprint = tx.vault.fingerprint(Secret(pin))
        return bool(rivals.with_pin(tx, access, fingerprint, now))

    of_other_door = None if access.attempts or vendor.keys else _same_guests(tx, access)
    if of_other_door and not taken(of_other_door.reveal()):
        return of_other_door
    return Secret(free_pin(form, draw, taken))


def _same_guests(tx: Tx, access: Access) -> Secret | None:
    """Return the PIN that the booking has at another door, None where it has none."""
    if access.booking_ref is None:
        return None
    found = accesses.of_booking(tx, access.connection_id, access.booking_ref)
    pins = [each.sealed_pin for each in found if each.wanted and each.id != access.id]
    return next((tx.vault.open(pin) for pin in pins if pin), None)
