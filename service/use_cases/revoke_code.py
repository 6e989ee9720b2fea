"""Revoke a code: ask the vendor to take it away, cancelled (CON-10) or expired.

Expired codes: a lock has room for so many codes. Where the vendor deletes none by
itself (`keeps_expired_codes`) we delete our own, and no others. A code goes at the end
of its window. A customer's key stays for the bookings to come, and goes once it was not
used for as long as records are kept. Nothing waits for it: after some tries it is tried
seldom, and it is given up when its record would go.

Invariants: an access is called removed only once the vendor said so. Asking again is
harmless, since a code that is gone already counts as taken away. One that the vendor
will not take away is kept, and says until when it works (IGL-08). One whose time is
over keeps its status.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from service import clock
from service.domain.access import AccessFacts, Status, Step, after, ending, still_opens
from service.domain.retry import decide_retry
from service.ports import Code, VendorRefused
from service.store import accesses, locks
from service.store.accesses import AFRESH, Access
from service.store.database import Tx
from service.store.leases import Lease
from service.store.locks import Lock
from service.use_cases.context import (
    Account,
    Dependencies,
    account_of,
    answer_of,
    code_of,
)
from service.use_cases.reconcile import reconcile_for
from service.use_cases.recurring import passed_on, used_later
from service.use_cases.track_keys import schedule_poll

Values = dict[str, object]


def prepare(tx: Tx, deps: Dependencies, access: Access, lease: Lease) -> Revoke | None:
    """Return the request to send, leased; None where the code has moved on.

    A customer's key that has another booking's window by now opens nothing for this
    one any more, and one that has had it is not over.
    """
    cancelled = access.cancelled_at is not None
    if cancelled and passed_on(tx, access, lease.since):
        status = after(Status(access.status), Step.REVOKED)
        accesses.change(tx, access.id, status=status, reason=None, due_at=None)
        return None
    if not cancelled and used_later(tx, access):
        accesses.change(tx, access.id, due_at=None)
        return None
    accesses.change(tx, access.id, **lease.columns(access.attempts))
    lock = locks.get_for_update(tx, access.lock_id)
    account = account_of(tx, deps, access.connection_id)
    return Revoke(access, code_of(tx, access, lock), account, lock, lease)


@dataclass(frozen=True, slots=True)
class Revoke:
    """A request under way; `access` is as it was before."""

    access: Access
    code: Code
    account: Account
    lock: Lock
    lease: Lease

    def ask(self) -> Exception | None:
        """Return what went wrong, None once the vendor took the code away."""
        vendor, credentials = self.account.vendor, self.account.credentials
        revocation = vendor.revocation
        if revocation is None:
            return VendorRefused(f"{vendor.name} takes no code back")
        return answer_of(lambda: revocation.revoke(credentials, self.code))

    def write_down(self, tx: Tx, deps: Dependencies, error: Exception | None) -> str:
        """Store the answer; return the outcome in a word."""
        now, access = clock.now(), self.access
        self.account.note_answer(tx, error, now)
        if error is None:
            step, values = self._done()
        else:
            step, values = self._decide_retry(error, deps, now)
        if step is not Step.DELAYED:
            values["status"] = after(Status(access.status), step)
        if not accesses.conclude(tx, access.id, self.lease.name, **values):
            return "overtaken"
        if step is not Step.DELAYED:  # its place is free for whoever was refused it
            accesses.look_again(tx, now, lock_id=access.lock_id)
        if self.account.vendor.keys is not None:
            schedule_poll(tx, access.lock_id, now)
        reconcile_for(tx, self.account.vendor, access, now)
        return step

    def _done(self) -> tuple[Step, Values]:
        values: Values = {"reason": None, "due_at": None, "answer_lost": False}
        if self.access.cancelled_at is not None:
            return Step.REVOKED, values | {"works_until": None, "notice": None}
        notices = filter(None, (self.access.notice, DELETED))
        return Step.CLEANED_UP, values | {"notice": " ".join(notices)}

    def _decide_retry(
        self, error: Exception, deps: Dependencies, now: datetime
    ) -> tuple[Step, Values]:
        access, attempts = self.access, self.access.attempts + 1
        plan = cleanup_plan(deps, access, access.valid_until)
        until = plan.ends_at if plan else access.valid_until
        decision = decide_retry(
            error,
            job_id=access.id,
            attempts=attempts,
            polls=access.polls,
            now=now,
            until=until,
            start=access.start_at,
        )
        due_at = decision.due_at
        if plan is not None:
            due_at = plan.next_try(due_at, attempts=attempts, now=now)
        if due_at is not None:
            values = {
                "reason": decision.reason,
                "due_at": due_at,
                "polls": decision.polls,
            }
            return Step.DELAYED, values | self._meanwhile(now)
        if access.cancelled_at is None:
            return Step.CLEANED_UP, {"reason": decision.reason, "due_at": None}
        return self._kept(decision.reason, now)

    def _meanwhile(self, now: datetime) -> Values:
        """Return what is said of a code that is to be gone, and is not yet."""
        until = self.access.valid_until
        if self.access.cancelled_at is None:
            return {}
        if until is not None and now >= until:
            return {"works_until": None, "notice": None}
        notice = still_opens(until, self.lock.zone)
        return {"works_until": until, "notice": notice}

    def _kept(self, reason: str, now: datetime) -> tuple[Step, Values]:
        access = self.access
        facts = AccessFacts(
            status=Status(access.status),
            revocable=False,
            answer_lost=access.answer_lost,
            valid_until=access.valid_until,
            zone=self.lock.zone,
        )
        end = ending(facts, now)
        return end.step or Step.KEPT, {
            "reason": reason,
            "due_at": None,
            "works_until": end.works_until,
            "notice": end.notice,
        }


FREQUENT_TRIES: Final = 10
LATER_PAUSE: Final = timedelta(hours=6)
DELETED: Final = "Its time is over: it was deleted from the lock."


@dataclass(frozen=True, slots=True)
class CleanupPlan:
    """From when until when it is tried to take a code off its lock."""

    begins_at: datetime
    ends_at: datetime

    def next_try(
        self, due_at: datetime | None, *, attempts: int, now: datetime
    ) -> datetime | None:
        """Return when to try again what was to be tried again at `due_at`."""
        if due_at is None or attempts <= FREQUENT_TRIES or now < self.begins_at:
            return due_at
        return max(due_at, now + LATER_PAUSE)


def cleanup_plan(
    deps: Dependencies, access: Access, end: datetime | None
) -> CleanupPlan | None:
    """Return when the code of a window that ends then is deleted; None is never."""
    if end is None or not deps.vendors[access.vendor].keeps_expired_codes:
        return None
    keep = timedelta(days=deps.settings.keep_days)
    begins_at = end if access.key_fingerprint is None else end + keep
    return CleanupPlan(begins_at, begins_at + keep)


def cleanup_columns(
    deps: Dependencies, access: Access, end: datetime | None
) -> dict[str, object]:
    """Return the columns of an access whose code, if there is one, waits for it."""
    plan = cleanup_plan(deps, access, end)
    return {"due_at": plan and plan.begins_at, **AFRESH}
