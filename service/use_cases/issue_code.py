"""Issue a code: compose the order, ask the vendor, store its answer.

Invariants: what the order says is stored before it goes out, a PIN of our choice
sealed; from then on it may have been carried out until an answer says otherwise. So a
crash or a lost answer repeats the very same order: the same variant for the same
window, the same PIN (NUK-02). Two accesses never share a code (IGL-12). An order that
is on its way to the lock is repeated to see it arrive.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from service import clock
from service.domain.access import Status, Step, after, free_pin, free_variant
from service.domain.errors import DomainError, NoVariant, NoWindow
from service.domain.retry import ask_again_at, decide_retry
from service.domain.rules import Wanted
from service.ids import draw
from service.ports import (
    NOBODY,
    CredentialsRefused,
    Issued,
    LockTaken,
    Order,
    PinTaken,
    VendorBusy,
    VendorRefused,
)
from service.secret import Secret
from service.store import (
    accesses,
    bookings,
    connections,
    leases,
    locks,
    rivals,
    schema,
)
from service.store.rules import recurring_key_of
from service.use_cases import manual_code
from service.use_cases.context import planned, windows_beside
from service.use_cases.reconcile import reconcile
from service.use_cases.recurring import SOON, sealed_pin, waits_for
from service.use_cases.revoke_code import cleanup_columns
from service.use_cases.track_keys import schedule_poll
from service.use_cases.watch_locks import watch_from

if TYPE_CHECKING:
    from datetime import datetime

    from service.domain.booking import Customer
    from service.domain.schedule import Window
    from service.ports import Credentials, LockVendor, VendorError
    from service.store.accesses import Access
    from service.store.connections import Connection
    from service.store.database import Tx
    from service.store.leases import Lease
    from service.store.locks import Lock
    from service.use_cases.context import Dependencies

    Values = dict[str, object]


def prepare(tx: Tx, deps: Dependencies, access: Access, lease: Lease) -> Issue | None:
    """Return the order to send, stored and leased; None where there is none to send."""
    connection = connections.get(tx, access.connection_id)
    vendor = deps.vendors[connection.vendor]
    lock = locks.get_for_update(tx, access.lock_id)
    if waits_for(tx, access, lease.since):
        leases.put_off(tx, schema.accesses, access.id, lease.since + SOON)
        return None
    if _comes_later(tx, vendor, access, lease.since):
        due_at = access.start_at - FAR_AHEAD
        accesses.change(tx, access.id, reason=LATER, due_at=due_at, lease=None)
        return None
    try:
        order = compose(tx, vendor, access, lock, lease.since)
    except DomainError as refused:
        _refuse(tx, deps, access, refused, lease.since)
        return None
    accesses.change(
        tx,
        access.id,
        **accesses.window_columns(order.window),
        planned_at=lease.since,
        variant=order.variant,
        **_pin_columns(tx, order.pin),
        answer_lost=True,
        attempts=access.attempts + 1,
        due_at=lease.until,
        lease=lease.name,
    )
    credentials = tx.vault.open_all(connection.sealed_credentials)
    return Issue(access, order, vendor, connection, credentials, lock, lease)


FAR_AHEAD: Final = timedelta(days=30)
KEPT_FREE: Final = 20
LATER: Final = (
    "the lock has not room for many more codes, so this one is made "
    f"{FAR_AHEAD.days} days before its start; nearer bookings come first"
)


def _comes_later(tx: Tx, vendor: LockVendor, access: Access, now: datetime) -> bool:
    """Return whether the lock's last places are kept for bookings that are nearer."""
    if vendor.capacity is None or access.by_hand or access.made_from is not None:
        return False
    far = access.start_at - now > FAR_AHEAD
    room = vendor.capacity - KEPT_FREE
    return far and rivals.many_open(tx, access.lock_id, now, room)


@dataclass(frozen=True, slots=True)
class Issue:
    """An order under way; `access` is as it was before the order went out."""

    access: Access
    order: Order
    vendor: LockVendor
    connection: Connection
    credentials: Credentials
    lock: Lock
    lease: Lease

    def ask(self, deps: Dependencies) -> Issued | Exception:
        """Return the vendor's answer."""
        del deps
        try:
            return self.vendor.issue(self.credentials, self.order)
        except Exception as error:  # noqa: BLE001 (a fault in a vendor too)
            return error

    def write_down(self, tx: Tx, deps: Dependencies, answer: Issued | Exception) -> str:
        """Store the answer; return the outcome in a word."""
        now, access = clock.now(), self.access
        refused = isinstance(answer, CredentialsRefused)
        connections.note_answer(tx, self.connection, now, refused=refused)
        step, values = self._outcome(tx, answer, now)
        if step is Step.ISSUED or (values["due_at"] is None and values["answer_lost"]):
            values |= cleanup_columns(deps, access, self.order.window.end)
        values["status"] = after(Status(access.status), step)
        if not accesses.conclude(tx, access.id, self.lease.name, **values):
            return "overtaken"
        if step is Step.ISSUED and access.made_from is not None:  # it may have moved
            accesses.look_again(tx, now, lock_id=access.lock_id)
        if step is Step.ISSUED and self.lock.due_at is None:
            watch_from(tx, self.lock.id, now)
        if self.vendor.keys is not None:
            schedule_poll(tx, access.lock_id, now)
        if access.booking_ref is not None:
            of = access.connection_id, access.booking_ref
            reconcile(tx, self.vendor, *of, now)
        return step

    def _outcome(
        self, tx: Tx, answer: Issued | Exception, now: datetime
    ) -> tuple[Step, Values]:
        """Return what has happened, and the columns that say so."""
        access = self.access
        if isinstance(answer, Issued):
            if rivals.with_pin(tx, access, tx.vault.fingerprint(answer.pin), now):
                return self._once_more(tx, now)
            made = accesses.made_columns(self.order.window)
            return Step.ISSUED, _issued(tx, access, answer, now) | made
        if isinstance(answer, PinTaken):
            return Step.DELAYED, _another_pin(answer, now)
        error: Exception = answer
        if isinstance(answer, LockTaken):
            error = self._given_away(tx, answer)
        step, values = self._decide_retry(error, now)
        held = access.held_window(now) if step is Step.REFUSED else None
        if held is None:
            return step, values
        window = accesses.window_columns(held)
        return Step.HELD, {**values, **window, "answer_lost": False}

    def _decide_retry(self, error: Exception, now: datetime) -> tuple[Step, Values]:
        decision = decide_retry(
            error,
            job_id=self.access.id,
            attempts=self.access.attempts + 1,
            polls=self.access.polls,
            now=now,
            until=self.order.window.end,
            start=self.access.start_at,
        )
        failed = decision.refused or decision.due_at is None
        return (Step.REFUSED if failed else Step.DELAYED), {
            "reason": decision.reason,
            "due_at": decision.due_at,
            "polls": decision.polls,
            "answer_lost": decision.answer_lost or self.access.answer_lost,
        }

    def _given_away(self, tx: Tx, taken: LockTaken) -> VendorError:
        """Return busy while another access is about to leave the lock, else refused."""
        leaving = rivals.leaving(tx, self.access)
        return (VendorBusy if leaving else VendorRefused)(taken.reason)

    def _once_more(self, tx: Tx, now: datetime) -> tuple[Step, Values]:
        """Return the next variant to order: this one's code is another access's."""
        try:
            variant = next_variant(tx, self.vendor, self.access, self.order)
        except NoVariant as none:
            return self._decide_retry(VendorRefused(none.reason), now)
        reason = "the lock has this code for another access; the next one is ordered"
        values = {"variant": variant, "answer_lost": False}
        return Step.DELAYED, values | {"reason": reason, "due_at": now}


def _pin_columns(tx: Tx, pin: Secret | None) -> Values:
    if pin is None:
        return {}
    return {
        "sealed_pin": tx.vault.seal(pin),
        "pin_fingerprint": tx.vault.fingerprint(pin),
    }


def _another_pin(taken: PinTaken, now: datetime) -> Values:
    """Return the columns of an order that begins anew with another PIN."""
    return {
        "reason": taken.reason,
        "due_at": now,
        "answer_lost": False,
        "sealed_pin": None,
        "pin_fingerprint": None,
    }


def _issued(tx: Tx, access: Access, issued: Issued, now: datetime) -> Values:
    return {
        "reason": None,
        "due_at": None,
        "answer_lost": False,
        "sealed_pin": tx.vault.seal(issued.pin),
        "pin_fingerprint": tx.vault.fingerprint(issued.pin),
        "ref": issued.ref,
        "link": issued.link,
        "vendor_place": issued.vendor_place,
        "created_at": now,
        "notice": issued.notice or access.notice,
    }


def _refuse(
    tx: Tx, deps: Dependencies, access: Access, refused: DomainError, now: datetime
) -> None:
    """Note that there is nothing to order, for now or, without a window, for good."""
    attempts, due_at = access.attempts + 1, None
    if not isinstance(refused, NoWindow):
        end, start = access.valid_until, access.start_at
        due_at = ask_again_at(attempts, now=now, start=start, until=end)
    values: Values = {"reason": refused.reason, "due_at": due_at, "lease": None}
    values |= {"attempts": attempts}
    if access.answer_lost and due_at is None:
        values |= cleanup_columns(deps, access, access.valid_until)
    status = after(Status(access.status), Step.REFUSED)
    accesses.change(tx, access.id, status=status, **values)
    if access.booking_ref is not None:
        vendor = deps.vendors[access.vendor]
        reconcile(tx, vendor, access.connection_id, access.booking_ref, now)


def compose(
    tx: Tx, vendor: LockVendor, access: Access, lock: Lock, now: datetime
) -> Order:
    """Return the order; `DomainError` where there is nothing to order."""
    window = access.window if access.status == Status.CREATED else None
    if window is None or access.behind:
        window = _window(tx, vendor, access, lock, now)
    return Order(
        lock.vendor_id,
        window,
        _variant(tx, vendor, access, lock, window),
        access.name,
        lock.zone,
        _pin(tx, vendor, access, now),
        repeated=access.answer_lost or access.made_from is not None,
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
    """Return the customer to invite; nobody is named where no option needs it."""
    if not access.options or access.booking_ref is None:
        return NOBODY
    booking = bookings.get(tx, access.connection_id, access.booking_ref)
    return booking.details.customer


def _window(
    tx: Tx, vendor: LockVendor, access: Access, lock: Lock, now: datetime
) -> Window:
    """Return the window as of now, since none may begin before the current hour."""
    if access.by_hand:
        return manual_code.plan(vendor, access, now=now, zone=lock.zone)
    start, end = access.start_at, access.end_at
    recurring = recurring_key_of(access.recurring, access.grace_minutes)
    wanted = Wanted(lock.id, start, end or start, access.margin, recurring)
    beside = windows_beside(tx, vendor, lock.id, access.booking_ref, now)
    return planned(vendor, wanted, now=now, zone=lock.zone, beside=beside)


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
