"""LivionKey as the service sees any vendor: its words mapped to those of the ports.

Invariants: a code is a contract about one key, and its window is the contract's own
time. A contract keeps one name, so an order that went out before is found by it and
taken over, whatever became of its answer: repeating it never makes a second one. Where
a key is, is what its cabinet has told the cloud; nothing else is believed.

    the vendor lists                          step
    nothing of ours                           make it
    ours, for other times or another PIN      change it
    ours, as ordered, the cabinet not told    wait
    ours, as ordered, the cabinet told        done

A contract is taken back by deleting it. While its key is out that is refused; then the
contract ends now, so that the grace of the lock system, or the key's static code, takes
the key back (LIV-02). Afterwards its code gives no key out. It is over once the cabinet
has been told.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from service import clock
from service.domain.access import ChangePolicy, PinForm
from service.domain.keys import KeyObservation
from service.ports import (
    Code,
    Credentials,
    CredentialsRefused,
    Issued,
    KeyTracking,
    LockVendor,
    Order,
    Revocation,
    VendorError,
    VendorLock,
    VendorPending,
    VendorUnknown,
)
from service.secret import Secret
from service.vendor_http import VendorHttpClient
from service.vendor_kit import text_in, with_page
from service.vendors.livionkey import mapping
from service.vendors.livionkey.api import (
    FIELDS,
    Absent,
    Account,
    Client,
    Doubled,
    KeyIsOut,
    TooLate,
    account_of,
)
from service.vendors.livionkey.webhooks import LivionWebhooks

PIN_FORM: Final = PinForm(length=6, digits="0123456789")


class LivionKey(LockVendor, Revocation, KeyTracking):
    """Keys in cabinets, each handed over by contract."""

    name = "livionkey"
    fields = FIELDS
    planner = mapping.TIMES
    change_policy = ChangePolicy.IN_PLACE
    pin_form = PIN_FORM
    one_at_a_time = True
    webhooks = LivionWebhooks()

    def __init__(self, http: VendorHttpClient) -> None:
        self._client = Client(http)
        self.revocation = self.keys = self

    def verify(self, credentials: Credentials) -> str:
        """Return the account's name once it signed in and showed what was named."""
        account = account_of(credentials)
        self._client.sign_in(account)
        listed = [mapping.device_id(each) for each in self._client.devices(account)]
        _check("device_ids", account.device_ids, listed)
        if account.lock_ids:
            every = self._locks(replace(account, lock_ids=frozenset()))
            keys = [mapping.place_of(each.vendor_id).key for each in every]
            _check("lock_ids", account.lock_ids, keys)
        return f"LivionKey account {account.email}"

    def sign_out(self, credentials: Credentials) -> None:
        """Forget the token of the account."""
        self._client.sign_out(account_of(credentials))

    def locks(self, credentials: Credentials) -> list[VendorLock]:
        """Return every key of the account, or of the devices and ids it names."""
        return self._locks(account_of(credentials))

    def issue(self, credentials: Credentials, order: Order) -> Issued:
        """Return the code once its cabinet knows it; `VendorPending` until then."""
        account = account_of(credentials)
        ref = ContractDelivery(self._client, account, order).carry_out()
        device, key = mapping.place_of(order.lock_vendor_id)
        name = mapping.contract_id(order.name, order.access)
        place = f"LivionKey: device {device}, key {key}, contract {name}"
        place = with_page(place, ref, account.api_url, FIELDS)
        return Issued(order.pin or Secret(""), ref, link=None, vendor_place=place)

    def _locks(self, account: Account) -> list[VendorLock]:
        chosen, keys = account.device_ids, account.lock_ids
        return [
            mapping.vendor_lock(device, key)
            for device in self._client.devices(account)
            if not chosen or mapping.device_id(device) in chosen
            for key in self._client.keys(account, mapping.device_id(device))
            if not keys or mapping.key_id(key) in keys
        ]

    def revoke(self, credentials: Credentials, code: Code) -> None:
        """Make the code give no key out; `VendorPending` until it does not."""
        ContractEnding(self._client, account_of(credentials), code).carry_out()

    def list_refs(self, credentials: Credentials, lock_vendor_id: str) -> set[str]:
        """Return the ids of the contracts of the key's cabinet."""
        device = mapping.place_of(lock_vendor_id).device
        found = self._client.contracts(account_of(credentials), device)
        return {each.ref for each in found}

    def get_key_state(self, credentials: Credentials, vendor_id: str) -> KeyObservation:
        """Return where the key is, as its cabinet has reported (LIV-07)."""
        account = account_of(credentials)
        device, key = mapping.place_of(vendor_id)
        shown = self._client.device(account, device)
        last = self._client.last_of(account, device, key)
        return mapping.observation(shown, key, last)


def _check(field: str, named: Collection[str], known: Collection[str]) -> None:
    """Refuse ids that the account does not have."""
    missing = sorted(set(named) - set(known))
    if missing:
        have = ", ".join(sorted(known)) or "none"
        raise CredentialsRefused(
            f"{field} names {', '.join(missing)}, which this account does not have; "
            f"it has {have}"
        )


Terms = dict[str, Any]  # JSON
Result = TypeVar("Result")

SYNCED_LATER = "LivionKey: the cabinet has not heard of the code yet"


@dataclass(frozen=True, slots=True)
class ContractDelivery:
    """The order, and whom to ask about it."""

    client: Client
    account: Account
    order: Order

    def carry_out(self) -> str:
        """Return the contract's ref once the cabinet knows the code."""
        ours = self._listed() if self.order.repeated else None
        ref = ours.ref if ours else self._made()
        if ours and not ours.fits(self.order.window, self._pin, clock.now()):
            self._change(ours)
        wait_until_synced(self.client, self.account, self._place.device)
        return ref

    def _made(self) -> str:
        """Return the ref of the new contract, or of the one that is there already."""
        given = {"contractId": self._name} | mapping.people(self.order.name)

        def make(what: Terms) -> str:
            return text_in(self.client.make(self.account, given | what), "id")

        try:
            ref = self._begun(make)
        except Doubled as doubled:
            return self._adopted(doubled)
        if not ref:
            raise VendorUnknown("LivionKey: it said yes without an id; it may have it")
        return ref

    def _adopted(self, doubled: Doubled) -> str:
        ours = self._listed()
        if ours is None:
            text = f"{doubled.reason}, and does not list it yet"
            raise VendorUnknown(text) from doubled
        if not ours.fits(self.order.window, self._pin, clock.now()):
            self._change(ours)
        return ours.ref

    def _change(self, ours: mapping.Contract) -> None:
        def change(what: Terms) -> None:
            self.client.change(self.account, ours.ref, what)

        self._begun(change, ours)

    def _begun(
        self, send: Callable[[Terms], Result], running: mapping.Contract | None = None
    ) -> Result:
        """Return the vendor's answer to the first start that it does not call past."""
        *starts, last = mapping.begins(self.order.window, clock.now(), running)
        for start in starts:
            with suppress(TooLate):
                return send(self._terms(start))
        return send(self._terms(last))

    def _listed(self) -> mapping.Contract | None:
        return find(self.client, self.account, self._place.device, self._name)

    def _terms(self, start: datetime) -> Terms:
        end = self.order.window.end or start
        return mapping.terms(self._place, start, end, self._pin)

    @property
    def _place(self) -> mapping.CabinetPlace:
        return mapping.place_of(self.order.lock_vendor_id)

    @property
    def _name(self) -> str:
        return mapping.contract_id(self.order.name, self.order.access)

    @property
    def _pin(self) -> str:
        return self.order.pin.reveal() if self.order.pin else ""


def find(
    client: Client, account: Account, device: str, name: str
) -> mapping.Contract | None:
    """Return the contract of that name at the device, None if there is none."""
    found = client.contracts(account, device)
    return next((each for each in found if each.contract_id == name), None)


def wait_until_synced(client: Client, account: Account, device: str) -> None:
    """Raise `VendorPending` while the cabinet does not know all of its codes.

    Raise `VendorUnknown` where that cannot be read, whatever the error: what was
    ordered just before is done, so no error may say that it was not.
    """
    try:
        record = client.device(account, device)
    except VendorError as silent:
        raise VendorUnknown(silent.reason, silent.retry_after) from silent
    if not mapping.is_synced(record):
        raise VendorPending(SYNCED_LATER)


SETTLES: Final = timedelta(minutes=1)
"""How long an order that is not listed may still be on its way."""


@dataclass(frozen=True, slots=True)
class ContractEnding:
    """The code to take back, and whom to ask."""

    client: Client
    account: Account
    code: Code

    def carry_out(self) -> None:
        """Make the code give no key out any more."""
        ref = self.code.ref or self._ref()
        if ref is not None:
            try:
                self.client.delete(self.account, ref)
            except Absent:
                pass  # somebody was faster
            except KeyIsOut:
                self._end_now(ref)
        wait_until_synced(self.client, self.account, self._place.device)

    def _ref(self) -> str | None:
        name = mapping.contract_id(self.code.name, self.code.access)
        found = find(self.client, self.account, self._place.device, name)
        if found is None and clock.now() < self.code.ordered_at + SETTLES:
            raise VendorPending("LivionKey: the order may still be on its way")
        return found.ref if found else None

    def _end_now(self, ref: str) -> None:
        now = clock.now()
        found = self.client.contracts(self.account, self._place.device)
        ours = next((each for each in found if each.ref == ref), None)
        if ours is not None and not ours.over(now):
            body = mapping.terms(self._place, ours.start, now, ours.pin)
            self.client.change(self.account, ref, body)

    @property
    def _place(self) -> mapping.CabinetPlace:
        return mapping.place_of(self.code.lock_vendor_id)
