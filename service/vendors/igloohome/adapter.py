"""igloohome as the service sees any vendor: its words mapped to those of the ports.

Invariants: an order is repeated safely, since device, kind, times and variance make the
PIN: the same order gives the same one. No PIN can be taken back: the lock never
hears from the server (IGL-08).
"""

from __future__ import annotations

from typing import Final

from service import clock
from service.ports import (
    Credentials,
    CredentialsRefused,
    Issued,
    LockVendor,
    MasterCodes,
    Order,
    OwnerSignIn,
    VendorBusy,
    VendorLock,
    VendorRefused,
)
from service.secret import Secret
from service.vendor_http import VendorHttpClient
from service.vendor_kit import label, object_in, with_page
from service.vendors.igloohome import mapping
from service.vendors.igloohome.api import FIELDS, Client, account_of, sign_in_page
from service.vendors.igloohome.mapping import vendor_locks

MASTER_FIELDS: Final = ("masterPin", "masterpin", "pin")


class Igloohome(LockVendor, MasterCodes, OwnerSignIn):
    """Offline codes for igloohome locks and keypads."""

    name = "igloohome"
    fields = FIELDS
    planner = mapping.AlgoPins()
    gives = "refresh_token"
    deleted_where = (
        "at the lock, in the igloohome app; an older lock only resets all PINs"
    )

    def __init__(self, http: VendorHttpClient) -> None:
        self._client = Client(http)
        self.master_codes = self.sign_in = self

    def verify(self, credentials: Credentials) -> str:
        """Return the account's name once it signed in and showed its devices."""
        account = account_of(credentials)
        self._client.sign_in(account)
        self._client.devices(account)
        return f"igloohome client {account.client_id}"

    def sign_out(self, credentials: Credentials) -> None:
        """Forget the token of the account."""
        self._client.sign_out(account_of(credentials))

    def locks(self, credentials: Credentials) -> list[VendorLock]:
        """Return every device of the account, also those not usable (CON-05)."""
        return vendor_locks(self._client.devices(account_of(credentials)))

    def issue(self, credentials: Credentials, order: Order) -> Issued:
        """Return the PIN of this device, window and variant."""
        account = account_of(credentials)
        device, name = order.lock_vendor_id, label(order.name)
        start, end = mapping.written(order.window, order.zone)
        body = {"variance": order.variant, "startDate": start, "accessName": name}
        if order.window.kind not in mapping.WITHOUT_END:
            body["endDate"] = end
        try:
            pin, ref = self._client.make_pin(account, device, order.window.kind, body)
        except VendorRefused as refused:
            raise _refused(order, refused) from refused
        place = f"iglooaccess: device {device}, access “{name}”, PIN id {ref}"
        place = with_page(place, ref, account.api_url, FIELDS)
        return Issued(pin, ref, link=None, vendor_place=place)

    def page(self, credentials: Credentials, back: str, state: str) -> str:
        """Return the address of the page at which an owner signs in."""
        return sign_in_page(account_of(credentials), back, state)

    def redeem(self, credentials: Credentials, back: str, code: str) -> Secret:
        """Return the refresh token for the code."""
        return self._client.redeem(account_of(credentials), back, code)

    def master_code(self, credentials: Credentials, vendor_id: str) -> Secret | None:
        """Return the master PIN where the account may see one, else None (IGL-09)."""
        try:
            answer = self._client.master_pin(account_of(credentials), vendor_id)
        except (VendorRefused, CredentialsRefused):
            return None
        fields = object_in(answer)
        codes = [fields[name] for name in MASTER_FIELDS if fields.get(name)]
        return Secret(str(codes[0])) if codes else None


def _refused(order: Order, refused: VendorRefused) -> VendorRefused | VendorBusy:
    """Return the refusal, or busy where its cause is that the hour has turned."""
    zone, start = order.zone, order.window.start
    if mapping.hour_down(clock.now(), mapping.grid(start, zone)) > start:
        return VendorBusy("the hour turned while the code was ordered; plan it again")
    return refused
