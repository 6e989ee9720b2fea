"""Nuki as the service sees any vendor: its words mapped to those of the ports.

Invariants: an order first looks for its own earlier work, by PIN and name, and then
takes the one step that is missing; so repeating it never makes a second code. It ends
once the list shows that the lock has exactly what was ordered (NUK-02): the answer 204
ends nothing. At most one thing is ordered at a time, and nothing while an earlier order
of the same code runs.

    the list shows                        step
    nothing of ours                       create
    nothing, though it was ordered        create, and have the server sync the lock
    ours, an order under way              wait
    ours, never on the lock, an error     the same sync; delete, and begin anew
    ours, with other limits               change, all fields named; the same sync if
                                          it was ordered before
    ours, without the lock's number       have the server sync the lock
    the same ten minutes later, online    delete; PinTaken
    ours, as ordered, with a number       done
    somebody else's with our PIN          PinTaken

A sync shows codes that an app has stored at the lock, and so who has a PIN that the
lock does not take. A full lock is recognised by the length of the list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, NoReturn

from service import clock
from service.domain.access import ChangePolicy
from service.ports import (
    Code,
    Credentials,
    Issued,
    LockVendor,
    Order,
    PinTaken,
    Revocation,
    VendorBusy,
    VendorLock,
    VendorPending,
    VendorRefused,
)
from service.secret import Secret
from service.vendor_http import VendorHttpClient
from service.vendor_kit import with_page
from service.vendors.nuki import mapping
from service.vendors.nuki.api import FIELDS, Account, Client, account_of
from service.vendors.nuki.webhooks import NukiWebhooks

WEB_APP: Final = "https://web.nuki.io"
SETTLES: Final = timedelta(minutes=2)
"""How long an order that is not listed may still be on its way to an online lock."""


class Nuki(LockVendor, Revocation):
    """Keypad codes on Nuki locks that are online."""

    name = "nuki"
    fields = FIELDS
    planner = mapping.TIMES
    change_policy = ChangePolicy.IN_PLACE
    pin_form = mapping.FORM
    recurring = mapping.Recurring()
    renewed_every = timedelta(days=365)
    keeps_expired_codes = True
    capacity = mapping.CAPACITY

    def __init__(self, http: VendorHttpClient) -> None:
        self._client = Client(http)
        self.revocation = self
        self.webhooks = NukiWebhooks(self._client)

    def verify(self, credentials: Credentials) -> str:
        """Return the account's name once the token showed locks and codes (NUK-12)."""
        account = account_of(credentials)
        found = self._client.locks(account)
        self._client.check_codes(account)
        numbers = {str(body.get("accountId")) for body in found}
        return " ".join(["Nuki account", *sorted(numbers)])

    def locks(self, credentials: Credentials) -> list[VendorLock]:
        """Return every lock of the account, also those not usable (NUK-01)."""
        return [
            mapping.vendor_lock(body)
            for body in self._client.locks(account_of(credentials))
        ]

    def issue(self, credentials: Credentials, order: Order) -> Issued:
        """Return the code once the lock has it; `VendorPending` until then."""
        account = account_of(credentials)
        row = CodeDelivery(self._client, account, order).take_step()
        place = f"Nuki Web: lock {order.lock_vendor_id}, keypad code “{row.name}”"
        place = with_page(place, row.ref, account.api_url, FIELDS, WEB_APP)
        return Issued(Secret(row.code), row.ref, link=None, vendor_place=place)

    def revoke(self, credentials: Credentials, code: Code) -> None:
        """Delete the code; `VendorPending` until it is seen gone twice (NUK-03).

        A row that stays may be one that the lock has forgotten already, so the
        server is to look.
        """
        account, lock = account_of(credentials), code.lock_vendor_id
        rows = [row for row in self._client.codes(account, lock) if _is(row, code)]
        if not rows:
            if code.ref is None:
                self._wait_for_what_may_come(credentials, code)
            elif not code.repeated:
                raise VendorPending(
                    "Nuki: the code is not listed; it is looked for again"
                )
            return
        for row in rows:
            if not row.under_way:
                self._client.delete(account, lock, row.ref)
        if code.repeated:
            self._client.sync(account, lock)
        raise VendorPending("Nuki: the deletion is on its way to the lock")

    def list_refs(self, credentials: Credentials, lock_vendor_id: str) -> set[str]:
        """Return the ids of the codes that the lock lists."""
        rows = self._client.codes(account_of(credentials), lock_vendor_id)
        return {row.ref for row in rows}

    def _wait_for_what_may_come(self, credentials: Credentials, code: Code) -> None:
        """Raise `VendorPending` while an order that is not listed may still arrive."""
        lock = self._client.lock(account_of(credentials), code.lock_vendor_id)
        if not mapping.is_online(lock):
            raise VendorPending("Nuki: the lock is offline; a code may still reach it")
        if clock.now() < code.ordered_at + SETTLES:
            raise VendorPending("Nuki: the order may still be on its way to the lock")


def _is(row: mapping.Row, code: Code) -> bool:
    ours = code.pin is not None and row.code == code.pin.reveal()
    return row.ref == code.ref or (ours and row.name == mapping.label(code.name))


KNOWN_BY: Final = timedelta(minutes=2)  # a lock that is online takes seconds
GHOST_AFTER: Final = timedelta(minutes=10)
ON_ITS_WAY: Final = "Nuki: the code is on its way to the lock"
TAKEN: Final = "Nuki: the lock has this PIN for somebody else; another one is chosen"
GHOST: Final = (
    "Nuki: the lock never took this PIN, though listed; another one is chosen"
)
NOT_TAKEN: Final = "Nuki: the lock did not take the code; it is ordered anew"
FULL: Final = (
    "Nuki: the lock does not take the code: it lists {count} keypad codes and has room "
    f"for {mapping.CAPACITY}; delete some in the Nuki app, it is ordered again and "
    "again"
)


@dataclass(frozen=True, slots=True)
class CodeDelivery:
    """The order, and whom to ask about it."""

    client: Client
    account: Account
    order: Order

    def take_step(self) -> mapping.Row:
        """Return the row once the lock has it, else do what is missing and raise."""
        rows = self.client.codes(self.account, self._lock)
        same = [row for row in rows if row.code == self._pin]
        ours = [row for row in same if row.name == self._name]
        if same and not ours:
            raise PinTaken(TAKEN)
        if not ours:
            self._create(len(rows))
        row = ours[0]
        if row.under_way:
            raise VendorPending(ON_ITS_WAY)
        if row.error and row.number is None:
            self.client.sync(self.account, self._lock)
            self.client.delete(self.account, self._lock, row.ref)
            raise VendorBusy(_full(len(rows) - 1) or NOT_TAKEN)
        if not row.allows(self._limits):
            self.client.change(self.account, self._lock, row.ref, self._body())
            if self.order.repeated:
                self.client.sync(self.account, self._lock)
            raise VendorPending("Nuki: the code's new time is on its way", KNOWN_BY)
        if row.number is None:
            named = [each for each in rows if each.name == self._name]
            self._doubt(row, ghosts=[each for each in named if each.number is None])
        return row

    def _create(self, listed: int) -> NoReturn:
        """Order the code; one that was ordered before has not arrived, or is lost."""
        body, full = self._body() | {"type": mapping.KEYPAD_CODE}, _full(listed)
        try:
            self.client.create(self.account, self._lock, body)
        except PinTaken as taken:
            if not self.order.repeated:
                raise
            text = "Nuki: the code was ordered, and is not listed yet"
            raise VendorPending(text) from taken
        except VendorRefused:
            if not full:
                raise
            self.client.sync(self.account, self._lock)
            raise VendorBusy(full) from None
        if not self.order.repeated:
            raise VendorPending(ON_ITS_WAY, KNOWN_BY)
        self.client.sync(self.account, self._lock)
        raise VendorPending(full or ON_ITS_WAY, KNOWN_BY)

    def _doubt(self, row: mapping.Row, ghosts: list[mapping.Row]) -> NoReturn:
        """Have the server sync; give up a PIN that a reachable lock never took.

        One ghost at most is left behind.
        """
        at = row.updated_at
        old = at is not None and clock.now() - at > GHOST_AFTER
        if old and len(ghosts) == 1 and self._online():
            self.client.delete(self.account, self._lock, row.ref)
            raise PinTaken(GHOST)
        self.client.sync(self.account, self._lock)
        raise VendorPending("Nuki: the code is listed, but the lock has not said so")

    def _online(self) -> bool:
        return mapping.is_online(self.client.lock(self.account, self._lock))

    def _body(self) -> dict[str, Any]:
        """Return every field, since an update clears those that are left out."""
        code = {"name": self._name, "code": int(self._pin), "remoteAllowed": False}
        return code | self._limits.written()

    @property
    def _lock(self) -> str:
        return self.order.lock_vendor_id

    @property
    def _pin(self) -> str:
        return self.order.pin.reveal() if self.order.pin else ""

    @property
    def _name(self) -> str:
        return mapping.label(self.order.name)

    @property
    def _limits(self) -> mapping.Limits:
        return mapping.limits(self.order.window, self.order.zone)


def _full(listed: int) -> str | None:
    """Return what is wrong where so many codes leave no room, None where there is."""
    return FULL.format(count=listed) if listed >= mapping.CAPACITY else None
