"""Issue a code: compose the order, ask the vendor, store its answer.

Invariants: what the order says is stored before it goes out, a PIN of our choice
sealed; from then on it may have been carried out until an answer says otherwise. So a
crash or a lost answer repeats the very same order: the same variant for the same
window, the same PIN (NUK-02). Two accesses never share a code (IGL-12). An order that
is on its way to the lock is repeated to see it arrive.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from service import clock
from service.domain.access import Status, Step, after
from service.domain.errors import DomainError, NoVariant, NoWindow
from service.domain.retry import ask_again_at, decide_retry
from service.ports import (
    Issued,
    LockTaken,
    LockVendor,
    Order,
    PinTaken,
    VendorBusy,
    VendorRefused,
)
from service.secret import Secret
from service.store import accesses, leases, locks, rivals, schema
from service.store.accesses import Access
from service.store.database import Tx
from service.store.leases import Lease
from service.store.locks import Lock
from service.use_cases.compose_order import compose, next_variant
from service.use_cases.context import Account, Dependencies, account_of, answer_of
from service.use_cases.reconcile import reconcile_for
from service.use_cases.recurring import SOON, waits_for
from service.use_cases.revoke_code import cleanup_columns
from service.use_cases.track_keys import schedule_poll

Values = dict[str, object]


def prepare(tx: Tx, deps: Dependencies, access: Access, lease: Lease) -> Issue | None:
    """Return the order to send, stored and leased; None where there is none to send."""
    account = account_of(tx, deps, access.connection_id)
    vendor, lock = account.vendor, locks.get_for_update(tx, access.lock_id)
    if waits_for(tx, access, lease.since):
        leases.put_off(tx, schema.accesses, access.id, lease.since + SOON)
        return None
    if _is_final(vendor, access, lease.since):
        accesses.change(tx, access.id, due_at=None, lease=None)
        return None
    if _comes_later(tx, vendor, access, lease.since):
        due_at = access.start_at - FAR_AHEAD
        accesses.change(tx, access.id, reason=LATER, due_at=due_at, lease=None)
        return None
    try:
        order, widened = compose(tx, vendor, access, lock, lease.since)
    except DomainError as refused:
        _refuse(tx, deps, access, refused, lease.since)
        return None
    accesses.change(
        tx,
        access.id,
        **accesses.window_columns(order.window),
        planned_at=lease.since,
        variant=order.variant,
        widened=widened,
        notice=WIDENED if widened else access.notice,
        **_pin_columns(tx, order.pin),
        answer_lost=True,
        **lease.columns(access.attempts),
    )
    access = replace(access, notice=WIDENED) if widened else access
    return Issue(access, order, account, lock, lease)


WIDENED: Final = (
    "All codes of its own hours are given away: this one opens the door longer."
)
FAR_AHEAD: Final = timedelta(days=30)
KEPT_FREE: Final = 20
LATER: Final = (
    "the lock has not room for many more codes, so this one is made "
    f"{FAR_AHEAD.days} days before its start; nearer bookings come first"
)


def _is_final(vendor: LockVendor, access: Access, now: datetime) -> bool:
    """Return whether its code has begun and cannot have gone: to ask makes another."""
    begun = access.valid_from is not None and access.valid_from <= now
    return vendor.revocation is None and access.status == Status.CREATED and begun


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
    account: Account
    lock: Lock
    lease: Lease

    def ask(self) -> Issued | Exception:
        """Return the vendor's answer."""
        of = self.account
        return answer_of(lambda: of.vendor.issue(of.credentials, self.order))

    def write_down(self, tx: Tx, deps: Dependencies, answer: Issued | Exception) -> str:
        """Store the answer; return the outcome in a word."""
        now, access = clock.now(), self.access
        self.account.note_answer(tx, answer, now)
        step, values = self._outcome(tx, answer, now)
        if step is Step.ISSUED or (values["due_at"] is None and values["answer_lost"]):
            values |= cleanup_columns(deps, access, self.order.window.end)
        values["status"] = after(Status(access.status), step)
        if not accesses.conclude(tx, access.id, self.lease.name, **values):
            return "overtaken"
        if step is Step.ISSUED and access.made_from is not None:  # it may have moved
            accesses.look_again(tx, now, lock_id=access.lock_id)
        if step is Step.ISSUED and self.lock.due_at is None:
            locks.change(tx, self.lock.id, due_at=now + locks.AGAIN)
        if step is Step.REFUSED:  # perhaps the vendor has this lock no more
            locks.list_again(tx, access.lock_ids, now)
        if self.account.vendor.keys is not None:
            schedule_poll(tx, access.lock_id, now)
        reconcile_for(tx, self.account.vendor, access, now)
        return step

    def _outcome(
        self, tx: Tx, answer: Issued | Exception, now: datetime
    ) -> tuple[Step, Values]:
        """Return what has happened, and the columns that say so."""
        access = self.access
        if isinstance(answer, Issued):
            if rivals.with_pin(tx, access, tx.vault.fingerprint(answer.pin), now):
                return self._once_more(tx, now)
            ordered = self.order.window
            made = {"made_from": ordered.start, "made_until": ordered.end}
            return Step.ISSUED, _issued(tx, access, answer, now) | made
        if isinstance(answer, PinTaken):
            return Step.DELAYED, _another_pin(answer, now)
        error: Exception = answer
        if isinstance(answer, LockTaken):
            leaving = rivals.leaving(tx, access)  # another access, which makes room
            error = (VendorBusy if leaving else VendorRefused)(answer.reason)
        step, values = self._decide_retry(error, now)
        held = access.held_window(now)
        there = access.status == Status.CREATED and held == self.order.window
        if step is Step.DELAYED and there:  # it was only repeated: nothing is missing
            return step, {**values, "reason": access.reason}
        if step is not Step.REFUSED or held is None:
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

    def _once_more(self, tx: Tx, now: datetime) -> tuple[Step, Values]:
        """Return the next variant to order: this one's code is another access's."""
        try:
            variant = next_variant(tx, self.account.vendor, self.access, self.order)
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
        **_pin_columns(tx, issued.pin),
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
    reconcile_for(tx, deps.vendors[access.vendor], access, now)
