"""Customers' keys, which get one window after another.

A returning customer's key gets the next day's window each night. An access of a
key is an order like any other, due in the night before and naming the key's own PIN and
name, so that the vendor finds the key it made before and gives it the new window
(NUK-10). A booking of a day on which the key is taken gets a code of its own (NUK-11).
A window is taken off the key before another is put on.

Invariants: driven by what is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from service.domain.access import Status
from service.domain.booking import holder
from service.domain.rules import Wanted
from service.domain.schedule import Window, push_at
from service.secret import Secret
from service.store import accesses
from service.store.accesses import Access
from service.store.database import Tx
from service.use_cases.context import ReconcileContext

SOON: Final = timedelta(seconds=10)
TAKEN: Final = (
    "The customer's key is taken that day by another booking: this code is its own."
)


@dataclass(frozen=True, slots=True)
class KeyAssignment:
    """A customer's key of one lock, and when the window goes onto it.

    `fingerprint` None is no key: the code is the booking's own, ordered at once.
    """

    fingerprint: str | None
    due_at: datetime
    notice: str | None = None

    @property
    def name(self) -> str:
        """Return what the key is called at the vendor: it says nothing of its owner."""
        return f"key {(self.fingerprint or '')[:12]}"


def key_for(
    ctx: ReconcileContext, wanted: Wanted, window: Window | None
) -> KeyAssignment:
    """Return the key that the access goes onto."""
    who = holder(ctx.booking.details.customer)
    recurring = wanted.recurring
    if recurring is None or not recurring.pushed or who is None or window is None:
        return KeyAssignment(None, ctx.now)
    fingerprint = ctx.tx.vault.fingerprint(Secret(f"{wanted.lock} {who}"))
    held = accesses.of_key(ctx.tx, wanted.lock, fingerprint)
    to_come = [each for each in held if each.wanted and each.may_open(ctx.now)]
    others = [each.window for each in to_come if each.window]
    zone = ctx.zone(wanted.lock)
    at = push_at(window, others, now=ctx.now, zone=zone)
    if at is None:
        return KeyAssignment(None, ctx.now, TAKEN)
    return KeyAssignment(fingerprint, at)


def waits_for(tx: Tx, access: Access, now: datetime) -> bool:
    """Return whether another window is still to be taken off the access's key."""
    others = [each for each in _others(tx, access) if each.may_open(now)]
    return any(each.due_at and each.cancelled_at for each in others)


def passed_on(tx: Tx, access: Access, now: datetime) -> bool:
    """Return whether the access's key has another window by now."""
    return any(
        each.wanted and (each.attempts or each.status == Status.CREATED)
        for each in _others(tx, access)
        if each.may_open(now)
    )


def used_later(tx: Tx, access: Access) -> bool:
    """Return whether the access's key has had a later window, or waits for one."""
    end = access.valid_until
    ends = [each.valid_until for each in _others(tx, access) if each.live]
    return any(end and later and later > end for later in ends)


def sealed_pin(tx: Tx, access: Access) -> str | None:
    """Return the sealed PIN that the access's key has, None for a new key."""
    known = [each for each in _others(tx, access) if each.sealed_pin]
    last = max(known, key=lambda each: each.planned_at, default=None)
    return last.sealed_pin if last else None


def _others(tx: Tx, access: Access) -> list[Access]:
    """Return every other access of the same key; none where it is on none."""
    if access.key_fingerprint is None:
        return []
    found = accesses.of_key(tx, access.lock_id, access.key_fingerprint)
    return [each for each in found if each.id != access.id]
