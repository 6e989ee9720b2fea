"""Issue: the vendor is asked for an access's code, and its answer is written down.

Law: what the order says is stored before it goes out, a PIN of our choice sealed, and
from then on it may have been carried out until an answer says otherwise. So a crash
or a lost answer repeats the very same order, and two accesses never share a code
(IGL-12). An order that is on its way to the lock is repeated to see it arrive.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from service import clock
from service.domain.accesses import Status
from service.domain.accesses import Step
from service.domain.accesses import after
from service.domain.errors import DomainError
from service.domain.errors import NoVariant
from service.domain.pins import free_pin
from service.domain.rules import Wanted
from service.domain.variants import free_variant
from service.ids import draw
from service.orders import NOBODY
from service.ports import LockTaken
from service.ports import Order
from service.ports import PinTaken
from service.ports import VendorBusy
from service.ports import VendorRefused
from service.secret import Secret
from service.store import accesses
from service.store import bookings
from service.store import connections
from service.store import leases
from service.store import locks
from service.store import tables
from service.store import waiting
from service.store.rules import standing_of
from service.use_cases import by_hand
from service.use_cases import push_schedule
from service.use_cases import renew
from service.use_cases.amend import planned
from service.use_cases.follow import plan_look
from service.use_cases.reconcile import reconcile
from service.use_cases.setbacks import setback
from service.use_cases.tidy import tidied

if TYPE_CHECKING:
    from datetime import datetime

    from service.domain.events import Customer
    from service.domain.windows import Window
    from service.ports import Credentials
    from service.ports import Issued
    from service.ports import LockVendor
    from service.ports import VendorError
    from service.store.accesses import Access
    from service.store.leases import Lease
    from service.store.locks import Lock
    from service.store.tx import Tx
    from service.use_cases.parts import Parts

    Values = dict[str, object]


def prepare(tx: Tx, parts: Parts, access: Access, lease: Lease) -> Issue | None:
    """Return the order to send, stored and leased; None where there is none to send."""
    connection = connections.get(tx, access.connection_id)
    vendor = parts.vendors[connection.vendor]
    lock = locks.hold(tx, access.lock_id)
    if push_schedule.waits_for(tx, access, lease.since):
        leases.put_off(tx, tables.accesses, access.id, lease.since + push_schedule.SOON)
        return None
    try:
        window = _window(vendor, access, lock, lease.since)
        variant = _variant(tx, vendor, access, lock, window)
        pin = _pin(tx, vendor, access, lease.since)
    except DomainError as refused:
        _refuse(tx, parts, access, refused.reason, lease.since)
        return None
    accesses.change(
        tx,
        access.id,
        **accesses.window_columns(window),
        planned_at=lease.since,
        variant=variant,
        **_pin_columns(tx, pin),
        answer_lost=True,
        attempts=access.attempts + 1,
        due_at=lease.until,
        lease=lease.name,
    )
    order = Order(
        lock.vendor_id,
        window,
        variant,
        access.name,
        lock.zone,
        pin,
        repeated=access.answer_lost,
        access=access.id,
        beside=_beside(tx, access),
        options=tuple(access.options),
        customer=_customer(tx, access),
    )
    credentials = tx.vault.open_all(connection.sealed_credentials)
    return Issue(access, order, vendor, credentials, lock, lease)


@dataclass(frozen=True, slots=True)
class Issue:
    """An order under way; `access` is as it was before the order went out."""

    access: Access
    order: Order
    vendor: LockVendor
    credentials: Credentials
    lock: Lock
    lease: Lease

    def run(self, parts: Parts) -> str:
        """Return in a word how it went, once that is durable."""
        try:
            answer: Issued | Exception = self.vendor.issue(self.credentials, self.order)
        except Exception as error:  # noqa: BLE001 (a fault in a vendor too)
            answer = error
        return parts.store.write(lambda tx: self._write_down(tx, parts, answer))

    def _write_down(self, tx: Tx, parts: Parts, answer: Issued | Exception) -> str:
        now, access = clock.now(), self.access
        if isinstance(answer, PinTaken):
            step, values = Step.DELAYED, _another_pin(answer, now)
        elif isinstance(answer, LockTaken):
            step, values = self._setback(self._given_away(tx, answer), now)
        elif isinstance(answer, Exception):
            step, values = self._setback(answer, now)
        elif accesses.with_pin(tx, access, tx.vault.mark(answer.pin), now):
            step, values = self._once_more(tx, now)
        else:
            step, values = Step.ISSUED, _issued(tx, access, answer, now)
        if step is Step.ISSUED or (values["due_at"] is None and values["answer_lost"]):
            values |= tidied(parts, access, self.order.window.end)
        if step is Step.ISSUED:
            values |= renew.renewed(access, self.order.window)
        values["status"] = after(Status(access.status), step)
        if not accesses.conclude(tx, access.id, self.lease.name, **values):
            return "overtaken"
        if self.vendor.traits.keeps_keys:
            plan_look(tx, access.lock_id, now)
        if access.booking_ref is not None:
            reconcile(tx, parts.vendors, access.connection_id, access.booking_ref, now)
        return step

    def _setback(self, error: Exception, now: datetime) -> tuple[Step, Values]:
        back = setback(
            error,
            key=self.access.id,
            attempts=self.access.attempts + 1,
            now=now,
            until=self.order.window.end,
        )
        return (Step.DELAYED if back.due_at else Step.REFUSED), {
            "reason": back.reason,
            "due_at": back.due_at,
            "answer_lost": back.answer_lost or self.access.answer_lost,
        }

    def _given_away(self, tx: Tx, taken: LockTaken) -> VendorError:
        """Return what it means: another access may be about to leave the lock."""
        leaving = waiting.leaving(tx, self.access)
        return (VendorBusy if leaving else VendorRefused)(taken.reason)

    def _once_more(self, tx: Tx, now: datetime) -> tuple[Step, Values]:
        """Return the next variant to order: this one's code is another access's."""
        window, tried = self.order.window, range(1, self.order.variant + 1)
        taken = _taken(tx, self.access, window) | set(tried)
        count = self.vendor.traits.variants[window.kind]
        try:
            variant = free_variant(window, taken, count=count, zone=self.lock.zone)
        except NoVariant as none:
            ends: Values = {"reason": none.reason, "due_at": None, "answer_lost": False}
            return Step.REFUSED, ends
        reason = "the lock has this code for another access; the next one is ordered"
        values = {"variant": variant, "answer_lost": False}
        return Step.DELAYED, values | {"reason": reason, "due_at": now}


def _beside(tx: Tx, access: Access) -> tuple[str, ...]:
    """Return the vendor's ids of the further locks that the code opens."""
    if not access.beside:
        return ()
    hung = locks.by_ids(tx, set(access.beside))
    return tuple(hung[each].vendor_id for each in access.beside)


def _customer(tx: Tx, access: Access) -> Customer:
    """Return whom to ask in; nobody is named where no option asks for it."""
    if not access.options or access.booking_ref is None:
        return NOBODY
    booking = bookings.get(tx, access.connection_id, access.booking_ref)
    return booking.details.customer


def _window(vendor: LockVendor, access: Access, lock: Lock, now: datetime) -> Window:
    """Return the window as of now, since none may begin before the current hour."""
    if access.by_hand:
        return by_hand.plan(vendor, access, now=now, zone=lock.zone)
    start, end = access.start_at, access.end_at
    standing = standing_of(access.standing, access.grace_minutes)
    wanted = Wanted(lock.id, start, end or start, access.margin, standing)
    return planned(vendor, wanted, now=now, zone=lock.zone)


def _variant(
    tx: Tx, vendor: LockVendor, access: Access, lock: Lock, window: Window
) -> int:
    if vendor.traits.needs_pin:  # the PIN tells codes of one window apart
        return 1
    if access.variant is not None and access.window == window:
        return access.variant
    count = vendor.traits.variants[window.kind]
    taken = _taken(tx, access, window)
    return free_variant(window, taken, count=count, zone=lock.zone)


def _taken(tx: Tx, access: Access, window: Window) -> set[int]:
    rivals = accesses.rivals(tx, access, window)
    return {rival.variant for rival in rivals if rival.variant is not None}


def _pin(tx: Tx, vendor: LockVendor, access: Access, now: datetime) -> Secret | None:
    """Return the PIN that the order names: of our choice, and then always the same.

    A key's own is tried first, and given up like any other where it is taken.
    """
    form = vendor.traits.pin_form
    if form is None:
        return None
    known = access.sealed_pin
    if known is None and not access.attempts:
        known = push_schedule.sealed_pin(tx, access)
    if known is not None:
        return tx.vault.open(known)

    def taken(pin: str) -> bool:
        mark = tx.vault.mark(Secret(pin))
        return bool(accesses.with_pin(tx, access, mark, now))

    return Secret(free_pin(form, draw, taken))


def _pin_columns(tx: Tx, pin: Secret | None) -> Values:
    if pin is None:
        return {}
    return {"sealed_pin": tx.vault.seal(pin), "pin_mark": tx.vault.mark(pin)}


def _another_pin(taken: PinTaken, now: datetime) -> Values:
    """Return the columns of an order that begins anew with another PIN."""
    return {
        "reason": taken.reason,
        "due_at": now,
        "answer_lost": False,
        "sealed_pin": None,
        "pin_mark": None,
    }


def _issued(tx: Tx, access: Access, issued: Issued, now: datetime) -> Values:
    return {
        "reason": None,
        "due_at": None,
        "answer_lost": False,
        "sealed_pin": tx.vault.seal(issued.pin),
        "pin_mark": tx.vault.mark(issued.pin),
        "ref": issued.ref,
        "link": issued.link,
        "vendor_place": issued.vendor_place,
        "created_at": now,
        "notice": issued.notice or access.notice,
    }


def _refuse(tx: Tx, parts: Parts, access: Access, reason: str, now: datetime) -> None:
    values: Values = {"reason": reason, "due_at": None, "lease": None}
    if access.answer_lost:
        values |= tidied(parts, access, access.valid_until)
    status = after(Status(access.status), Step.REFUSED)
    accesses.change(tx, access.id, status=status, **values)
    if access.booking_ref is not None:
        reconcile(tx, parts.vendors, access.connection_id, access.booking_ref, now)
