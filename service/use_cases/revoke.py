"""Revoke: the vendor is asked to take a code away (CON-10).

Law: an access is called removed only once the vendor said so. Asking again is
harmless, since a code that is gone already counts as taken away. One that the vendor
will not take away is kept, and says until when it works (IGL-08).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from service import clock
from service.domain.accesses import Status
from service.domain.accesses import Step
from service.domain.accesses import after
from service.domain.endings import Standing
from service.domain.endings import ending
from service.ports import Code
from service.store import accesses
from service.store import connections
from service.store import locks
from service.use_cases.push_schedule import passed_on
from service.use_cases.reconcile import reconcile
from service.use_cases.setbacks import setback

if TYPE_CHECKING:
    from datetime import datetime

    from service.ports import Credentials
    from service.ports import LockVendor
    from service.store.accesses import Access
    from service.store.leases import Lease
    from service.store.locks import Lock
    from service.store.tx import Tx
    from service.use_cases.parts import Parts

    Values = dict[str, object]


def prepare(tx: Tx, parts: Parts, access: Access, lease: Lease) -> Revoke | None:
    """Return the request to send, leased; None where the code has moved on.

    A customer's key that has another booking's window by now opens nothing for this
    one any more.
    """
    if passed_on(tx, access, lease.since):
        status = after(Status(access.status), Step.REVOKED)
        accesses.change(tx, access.id, status=status, reason=None, due_at=None)
        return None
    connection = connections.get(tx, access.connection_id)
    accesses.change(
        tx,
        access.id,
        attempts=access.attempts + 1,
        due_at=lease.until,
        lease=lease.name,
    )
    vendor = parts.vendors[connection.vendor]
    credentials = tx.vault.open_all(connection.sealed_credentials)
    lock = locks.hold(tx, access.lock_id)
    pin = tx.vault.open(access.sealed_pin) if access.sealed_pin else None
    code = Code(
        lock.vendor_id,
        access.name,
        access.ref,
        pin,
        ordered_at=access.planned_at,
        repeated=access.attempts > 0,
        access=access.id,
    )
    return Revoke(access, code, vendor, credentials, lock, lease)


@dataclass(frozen=True, slots=True)
class Revoke:
    """A request under way; `access` is as it was before."""

    access: Access
    code: Code
    vendor: LockVendor
    credentials: Credentials
    lock: Lock
    lease: Lease

    def run(self, parts: Parts) -> str:
        """Return in a word how it went, once that is durable."""
        error: Exception | None = None
        try:
            self.vendor.revoke(self.credentials, self.code)
        except Exception as caught:  # noqa: BLE001 (a fault in a vendor too)
            error = caught
        return parts.store.write(lambda tx: self._write_down(tx, parts, error))

    def _write_down(self, tx: Tx, parts: Parts, error: Exception | None) -> str:
        now, access = clock.now(), self.access
        values: Values = {"reason": None, "due_at": None}
        step = Step.REVOKED
        if error is not None:
            step, values = self._setback(error, now)
        if step is not Step.DELAYED:
            values["status"] = after(Status(access.status), step)
        if not accesses.conclude(tx, access.id, self.lease.name, **values):
            return "overtaken"
        if access.booking_ref is not None:
            reconcile(tx, parts.vendors, access.connection_id, access.booking_ref, now)
        return step

    def _setback(self, error: Exception, now: datetime) -> tuple[Step, Values]:
        access = self.access
        back = setback(
            error,
            key=access.id,
            attempts=access.attempts + 1,
            now=now,
            until=access.valid_until,
        )
        if back.due_at is not None:
            return Step.DELAYED, {"reason": back.reason, "due_at": back.due_at}
        standing = Standing(
            status=Status(access.status),
            revocable=False,
            answer_lost=access.answer_lost,
            valid_until=access.valid_until,
            zone=self.lock.zone,
        )
        end = ending(standing, now)
        return end.step or Step.KEPT, {
            "reason": back.reason,
            "due_at": None,
            "works_until": end.works_until,
            "notice": end.notice,
        }
