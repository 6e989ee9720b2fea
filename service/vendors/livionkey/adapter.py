"""LivionKey as the service sees any vendor: its words mapped to those of the ports.

Invariants: a code is a contract about one key, and its window is the contract's own
time. An order is known by the contract's name, so repeating it never makes a second
one. Where a key is, its cabinet has told the cloud; nothing else is believed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from service.domain.access import ChangePolicy, PinForm
from service.ports import (
    Code,
    Credentials,
    CredentialsRefused,
    Issued,
    KeyTracking,
    LockVendor,
    Order,
    Revocation,
    VendorLock,
)
from service.secret import Secret
from service.vendors.livionkey import observations, windows
from service.vendors.livionkey.account import FIELDS, Account, account_of
from service.vendors.livionkey.client import Client
from service.vendors.livionkey.contracts import contract_id
from service.vendors.livionkey.delivery import ContractDelivery
from service.vendors.livionkey.devices import device_id, key_id, place_of, vendor_lock
from service.vendors.livionkey.endings import ContractEnding
from service.vendors.livionkey.messages import LivionWebhooks

if TYPE_CHECKING:
    from collections.abc import Collection

    from service.domain.keys import KeyObservation
    from service.vendor_http import VendorHttpClient

PIN_FORM: Final = PinForm(length=6, digits="0123456789")


class LivionKey(LockVendor):
    """Keys in cabinets, each handed over by contract."""

    name = "livionkey"
    fields = FIELDS
    planner = windows.TIMES
    change_policy = ChangePolicy.IN_PLACE
    pin_form = PIN_FORM
    webhooks = LivionWebhooks()

    def __init__(self, http: VendorHttpClient) -> None:
        self._client = Client(http)
        self.revocation = ContractRevocation(self._client)
        self.keys = CabinetKeys(self._client)

    def verify(self, credentials: Credentials) -> str:
        """Return the account's name once it signed in and showed what was named."""
        account = account_of(credentials)
        self._client.sign_in(account)
        listed = [device_id(each) for each in self._client.devices(account)]
        _check("device_ids", account.device_ids, listed)
        if account.lock_ids:
            every = self._locks(replace(account, lock_ids=frozenset()))
            keys = [place_of(each.vendor_id).key for each in every]
            _check("lock_ids", account.lock_ids, keys)
        return f"LivionKey account {account.email}"

    def locks(self, credentials: Credentials) -> list[VendorLock]:
        """Return every key of the account, or of the devices and ids it names."""
        return self._locks(account_of(credentials))

    def issue(self, credentials: Credentials, order: Order) -> Issued:
        """Return the code once its cabinet knows it; `VendorPending` until then."""
        ref = ContractDelivery(self._client, account_of(credentials), order).carry_out()
        device, key = place_of(order.lock_vendor_id)
        name = contract_id(order.name, order.access)
        place = f"LivionKey: device {device}, key {key}, contract {name}"
        return Issued(order.pin or Secret(""), ref, link=None, vendor_place=place)

    def _locks(self, account: Account) -> list[VendorLock]:
        chosen, keys = account.device_ids, account.lock_ids
        return [
            vendor_lock(device, key)
            for device in self._client.devices(account)
            if not chosen or device_id(device) in chosen
            for key in self._client.keys(account, device_id(device))
            if not keys or key_id(key) in keys
        ]


class ContractRevocation(Revocation):
    """Deletes contracts, or cuts them short."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def revoke(self, credentials: Credentials, code: Code) -> None:
        """Return once the code gives no key out; `VendorPending` until then."""
        ContractEnding(self._client, account_of(credentials), code).carry_out()


class CabinetKeys(KeyTracking):
    """Where keys are, as their cabinets have told."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def get_key_state(
        self, credentials: Credentials, lock_vendor_id: str
    ) -> KeyObservation:
        """Return where the key is, as its cabinet has told (LIV-07)."""
        account = account_of(credentials)
        device, key = place_of(lock_vendor_id)
        shown = self._client.device(account, device)
        last = self._client.last_of(account, device, key)
        return observations.sighting(shown, key, last)


def _check(field: str, named: Collection[str], known: Collection[str]) -> None:
    """Refuse ids that the account does not have."""
    missing = sorted(set(named) - set(known))
    if missing:
        have = ", ".join(sorted(known)) or "none"
        raise CredentialsRefused(
            f"{field} names {', '.join(missing)}, which this account does not have; "
            f"it has {have}"
        )
