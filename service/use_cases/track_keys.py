"""Track keys: poll the vendor for where a key is, store it, and notify the manager.

Invariants:

- Where a key is, is what the vendor showed at the last poll, and nothing else. An event
  only makes a poll due, so events that come twice, late or out of order end in the same
  state (LIV-07). Polls are due at the ends that matter and, where no event arrives, now
  and then while somebody may have the key.
- The manager gets the same notice once: that a key is late once for each end that its
  booking had (LIV-05), that it came back once for each return (LIV-06).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from service import clock
from service.domain.keys import (
    HoldPeriod,
    Key,
    KeyObservation,
    KeyPlace,
    KeyUpdate,
    apply_observation,
    next_poll_at,
    place,
)
from service.domain.retry import decide_retry
from service.domain.rules import NO_TERMS, Returning
from service.ports import VendorRefused
from service.store import accesses, connections, keys, locks, rules
from service.store.accesses import Access
from service.store.database import Tx
from service.store.keys import StoredKey, hold_periods_from, last_hold_period
from service.store.leases import Lease
from service.store.locks import Lock
from service.store.messages import MessageKind
from service.use_cases.context import Account, Dependencies, account_of, answer_of
from service.use_cases.notices import Notice, send_notice

Values = dict[str, object]


@dataclass(frozen=True, slots=True)
class ReturnDue:
    """When an access's key is due back, and from when on it is overdue."""

    access: Access
    back_at: datetime
    overdue_at: datetime
    terms: Returning
    rule_id: str


def prepare(tx: Tx, deps: Dependencies, lock_id: str, lease: Lease) -> PollJob:
    """Return the poll to make for the lock's key, leased."""
    key = keys.get(tx, lock_id)
    keys.change(tx, key.id, **lease.columns(key.attempts))
    account = account_of(tx, deps, key.connection_id)
    return PollJob(key, locks.get(tx, key.id), account, lease)


@dataclass(frozen=True, slots=True)
class PollJob:
    """A poll under way; `key` is as it was before."""

    key: StoredKey
    lock: Lock
    account: Account
    lease: Lease

    def ask(self) -> KeyObservation | Exception:
        """Return what the vendor shows of the key."""
        tracking, credentials = self.account.vendor.keys, self.account.credentials
        if tracking is None:
            return VendorRefused(f"{self.account.vendor.name} keeps no keys")
        vendor_id = self.lock.vendor_id
        return answer_of(lambda: tracking.get_key_state(credentials, vendor_id))

    def write_down(
        self, tx: Tx, deps: Dependencies, observed: KeyObservation | Exception
    ) -> str:
        """Store the answer; return the outcome in a word."""
        del deps
        now = clock.now()
        if isinstance(observed, Exception):
            values = self._decide_retry(observed, now)
            concluded = keys.conclude(tx, self.key.id, self.lease.name, **values)
            return "not seen" if concluded else "overtaken"
        hold_periods = _hold_periods_at(tx, self.key.id, observed, now)
        update = apply_observation(self.key.key, observed, hold_periods, now)
        due_back = return_due_of(tx, update.key.holder)
        values = asdict(update.key) | {
            "booking_ref": due_back.access.booking_ref if due_back else None,
            "warning": observed.warning,
            "reason": None,
            "seen_at": now,
            "attempts": 0,
            "due_at": _next(update.key, hold_periods, due_back, now),
        }
        if not keys.conclude(tx, self.key.id, self.lease.name, **values):
            return "overtaken"
        self._send_notices(tx, update, due_back, now)
        return place(update.key, due_back.overdue_at if due_back else None, now)

    def _decide_retry(self, error: Exception, now: datetime) -> Values:
        attempts = self.key.attempts + 1
        retry = decide_retry(
            error, job_id=self.key.id, attempts=attempts, now=now, until=None
        )
        values: Values = {"reason": retry.reason, "due_at": retry.due_at}
        return values if retry.due_at else values | {"inside": None}

    def _send_notices(
        self, tx: Tx, update: KeyUpdate, due_back: ReturnDue | None, now: datetime
    ) -> None:
        connection = connections.get(tx, self.key.connection_id)
        back = return_due_of(tx, update.key.returned_by) if update.came_back else None
        if back and back.terms.report_returns:
            at = update.key.returned_at or now
            kind = MessageKind.RETURNED
            notice = Notice.of_key(kind, back.access, back.rule_id, at)
            send_notice(tx, connection, notice, now)
        if due_back and place(update.key, due_back.overdue_at, now) is KeyPlace.OVERDUE:
            notice = Notice.of_key(
                MessageKind.OVERDUE, due_back.access, due_back.rule_id, due_back.back_at
            )
            send_notice(tx, connection, notice, now)


def schedule_poll(tx: Tx, lock_id: str, now: datetime) -> None:
    """Set when a lock's key is polled next, after an access to it has changed.

    A poll that is under way sees the change by itself.
    """
    stored = keys.find(tx, lock_id)
    if stored is None or stored.lease is not None:
        return
    key = stored.key
    at: datetime | None = now
    if key.inside:
        due_back = return_due_of(tx, key.holder)
        at = _next(key, hold_periods_from(tx, lock_id, now), due_back, now)
    keys.change(tx, lock_id, due_at=at)


def _hold_periods_at(
    tx: Tx, lock_id: str, observed: KeyObservation, now: datetime
) -> list[HoldPeriod]:
    """Return the hold periods that may explain the observation, and those to come."""
    found = hold_periods_from(tx, lock_id, min(observed.since or now, now))
    missing = not observed.inside and observed.since is None
    return found + last_hold_period(tx, lock_id, now) if missing else found


def return_due_of(tx: Tx, access_id: str | None) -> ReturnDue | None:
    """Return when the key of this access is due; None without an access or an end."""
    access = accesses.by_id(tx, access_id) if access_id else None
    if access is None or access.ends_at is None:
        return None
    wanted = {access.resource} if access.resource else set()
    found = rules.for_resources(tx, access.connection_id, wanted)
    mine = [rule for rule in found if access.lock_id in rule.locks]
    terms = mine[0].returning if mine else NO_TERMS
    for rule in mine[1:]:
        terms = terms.strictest(rule.returning)
    back_at = access.ends_at
    rule_id = mine[0].id if mine else ""
    return ReturnDue(access, back_at, back_at + terms.delay, terms, rule_id)


def _next(
    key: Key, hold_periods: list[HoldPeriod], due_back: ReturnDue | None, now: datetime
) -> datetime | None:
    due = due_back.overdue_at if due_back else None
    return next_poll_at(key, hold_periods, due, now)
