"""Nuki as the service sees any vendor: its words mapped to those of the ports.

Invariants: an order first looks for its own earlier work, by PIN and name, and then
takes the one step that is missing; so repeating it never makes a second code, and it
ends once the list shows that the lock has exactly what was ordered (NUK-02).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from service import clock
from service.domain.access import ChangePolicy
from service.ports import (
    Code,
    Credentials,
    Issued,
    LockVendor,
    Order,
    Revocation,
    VendorLock,
    VendorPending,
)
from service.secret import Secret
from service.vendors.nuki import schedules
from service.vendors.nuki.account import FIELDS, account_of
from service.vendors.nuki.client import Client
from service.vendors.nuki.delivery import CodeDelivery
from service.vendors.nuki.devices import is_online, vendor_lock
from service.vendors.nuki.keypad import FORM, label
from service.vendors.nuki.messages import NukiWebhooks

if TYPE_CHECKING:
    from service.vendor_http import VendorHttpClient
    from service.vendors.nuki.rows import Row

SETTLES: Final = timedelta(minutes=2)
"""How long an order that is not listed may still be on its way to an online lock."""


class Nuki(LockVendor):
    """Keypad codes on Nuki locks that are online."""

    name = "nuki"
    fields = FIELDS
    planner = schedules.TIMES
    change_policy = ChangePolicy.IN_PLACE
    pin_form = FORM
    recurring = schedules.Recurring()
    renewed_every = timedelta(days=365)
    keeps_expired_codes = True

    def __init__(self, http: VendorHttpClient) -> None:
        self._client = Client(http)
        self.revocation = KeypadRevocation(self._client)
        self.webhooks = NukiWebhooks(self._client)

    def verify(self, credentials: Credentials) -> str:
        """Return the account's name once the token showed locks and codes (NUK-12)."""
        account = account_of(credentials)
        found = self._client.locks(account)
        self._client.check_codes(account)
        numbers = {body.get("accountId") for body in found}
        return " ".join(["Nuki account", *sorted(map(str, numbers))])

    def locks(self, credentials: Credentials) -> list[VendorLock]:
        """Return every lock of the account, also those not usable (NUK-01)."""
        return [
            vendor_lock(body) for body in self._client.locks(account_of(credentials))
        ]

    def issue(self, credentials: Credentials, order: Order) -> Issued:
        """Return the code once the lock has it; `VendorPending` until then."""
        row = CodeDelivery(self._client, account_of(credentials), order).take_step()
        place = f"Nuki Web: lock {order.lock_vendor_id}, keypad code “{row.name}”"
        return Issued(Secret(row.code), row.ref, link=None, vendor_place=place)


class KeypadRevocation(Revocation):
    """Deletes codes, and waits until the lock has done so."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def revoke(self, credentials: Credentials, code: Code) -> None:
        """Return once the code is seen gone; `VendorPending` until then (NUK-03).

        A row that stays may be one that the lock has forgotten already, so the
        server is to look.
        """
        account, lock = account_of(credentials), code.lock_vendor_id
        rows = [row for row in self._client.codes(account, lock) if _is(row, code)]
        if not rows:
            if code.ref is None:
                self._wait_for_what_may_come(credentials, code)
            return
        for row in rows:
            if not row.under_way:
                self._client.delete(account, lock, row.ref)
        if code.repeated:
            self._client.look(account, lock)
        raise VendorPending("Nuki: the deletion is on its way to the lock")

    def _wait_for_what_may_come(self, credentials: Credentials, code: Code) -> None:
        """Raise `VendorPending` while an order that is not listed may still arrive."""
        lock = self._client.lock(account_of(credentials), code.lock_vendor_id)
        if not is_online(lock):
            raise VendorPending("Nuki: the lock is offline; a code may still reach it")
        if clock.now() < code.ordered_at + SETTLES:
            raise VendorPending("Nuki: the order may still be on its way to the lock")


def _is(row: Row, code: Code) -> bool:
    ours = code.pin is not None and row.code == code.pin.reveal()
    return row.ref == code.ref or (ours and row.name == label(code.name))
