"""Nuki as the service sees any vendor: its words mapped to those of the ports.

Invariants: an order first looks for its own earlier work, by PIN and name, and then
takes the one step that is missing; so repeating it never makes a second code, and it
ends once the list shows that the lock has exactly what was ordered (NUK-02).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from service import clock
from service.domain.recurring import Form
from service.domain.windows import MINUTE, NO_MARGIN, Margin, Window
from service.ports import (
    Code,
    CredentialField,
    Credentials,
    Issued,
    LockVendor,
    Order,
    Traits,
    VendorLock,
    VendorPending,
    VendorRefused,
)
from service.secret import Secret, reveal
from service.vendors.nuki import messages, schedules
from service.vendors.nuki.account import FIELDS, account_of
from service.vendors.nuki.client import Client
from service.vendors.nuki.delivery import CodeDelivery
from service.vendors.nuki.devices import is_online, vendor_lock
from service.vendors.nuki.keypad import FORM, label

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, tzinfo

    from service.vendor_http import VendorHttpClient
    from service.vendors.nuki.account import Account
    from service.vendors.nuki.rows import Row

TRAITS: Final = Traits(
    revocable=True,
    changeable=True,
    confirms_later=True,
    variants=dict.fromkeys(schedules.WRITERS, 1),
    manual_kinds=(schedules.TIMED,),
    pin_form=FORM,
    recurring_forms=tuple(Form),
    margin_step=MINUTE,
    keeps_expired_codes=True,
    events=messages.HOW,
    renewed_every=timedelta(days=365),
)
SETTLES: Final = timedelta(minutes=2)
"""How long an order that is not listed may still be on its way to an online lock."""


class Nuki(LockVendor):
    """Keypad codes on Nuki locks that are online."""

    name: Final = "nuki"
    fields: Final[tuple[CredentialField, ...]] = FIELDS
    traits: Final = TRAITS

    def __init__(self, http: VendorHttpClient) -> None:
        self._client = Client(http)

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

    def plan(
        self,
        start: datetime,
        end: datetime,
        *,
        now: datetime,
        zone: tzinfo,
        margin: Margin = NO_MARGIN,
    ) -> Window:
        """Return the booking's own time with its margin."""
        return schedules.plan(start, end, now=now, zone=zone, margin=margin)

    def plan_by_hand(
        self,
        kind: str,
        start: datetime,
        end: datetime | None,
        *,
        now: datetime,
        zone: tzinfo,
    ) -> Window:
        """Return exactly the window asked for."""
        return schedules.plan_by_hand(kind, start, end, now=now, zone=zone)

    def plan_recurring(
        self,
        form: Form,
        start: datetime,
        end: datetime,
        *,
        now: datetime,
        zone: tzinfo,
    ) -> Window:
        """Return a recurring key's window (NUK-09, NUK-10)."""
        return schedules.plan_recurring(form, start, end, now=now, zone=zone)

    def issue(self, credentials: Credentials, order: Order) -> Issued:
        """Return the code once the lock has it; `VendorPending` until then."""
        row = CodeDelivery(self._client, account_of(credentials), order).take_step()
        place = f"Nuki Web: lock {order.lock_vendor_id}, keypad code “{row.name}”"
        return Issued(Secret(row.code), row.ref, link=None, vendor_place=place)

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

    def register(self, credentials: Credentials, url: str) -> Credentials:
        """Have Nuki tell that URL of codes and locks; return the secret.

        It is shown once, so an earlier registration of the URL is replaced.
        """
        account = account_of(credentials)
        self._remove_hooks(account, url)
        secret = self._client.add_hook(account, url, messages.FEATURES)
        return {"webhook_secret": Secret(secret)}

    def unregister(self, credentials: Credentials, url: str) -> None:
        """Have Nuki tell that URL nothing more; nobody is asked where it never did."""
        if "webhook_secret" in credentials:
            self._remove_hooks(account_of(credentials), url)

    def parse_webhook(
        self, credentials: Credentials, headers: Mapping[str, str], body: bytes
    ) -> frozenset[str]:
        """Return the locks that a message of Nuki's tells of."""
        secret = reveal(credentials.get("webhook_secret", ""))
        if not secret:
            raise VendorRefused("no webhook_secret is set; give the connection Nuki's")
        messages.check(Secret(secret), headers, body)
        return messages.locks_in(body)

    def master_code(self, credentials: Credentials, vendor_id: str) -> None:
        """Return None: a keypad has no master code."""

    def _remove_hooks(self, account: Account, url: str) -> None:
        for hook in self._client.hooks(account):
            if hook.get("webhookUrl") == url:
                self._client.remove_hook(account, str(hook.get("id")))

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
