"""How a contract ends: deleted, or cut short where its key is out.

Invariants: afterwards its code gives no key out. Where the key is out the contract
cannot be deleted; it ends now, so that the grace of the lock system, or the key's
static code, is what takes the key back (LIV-02). It is over once the cabinet has heard.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from service import clock
from service.ports import Code, VendorPending
from service.vendors.livionkey.answers import Absent, KeyIsOut
from service.vendors.livionkey.contracts import contract_id, contract_of, terms
from service.vendors.livionkey.delivery import find, wait_until_told
from service.vendors.livionkey.devices import CabinetPlace, place_of

if TYPE_CHECKING:
    from service.vendors.livionkey.account import Account
    from service.vendors.livionkey.client import Client

SETTLES: Final = timedelta(minutes=1)
"""How long an order that is not listed may still be on its way."""


@dataclass(frozen=True, slots=True)
class ContractEnding:
    """The code to take back, and whom to ask."""

    client: Client
    account: Account
    code: Code

    def carry_out(self) -> None:
        """Return once the code gives no key out any more."""
        ref = self.code.ref or self._ref()
        if ref is not None:
            try:
                self.client.delete(self.account, ref)
            except Absent:
                pass  # somebody was faster
            except KeyIsOut:
                self._end_now(ref)
        wait_until_told(self.client, self.account, self._place.device)

    def _ref(self) -> str | None:
        name = contract_id(self.code.name, self.code.access)
        found = find(self.client, self.account, self._place.device, name)
        if found is None and clock.now() < self.code.ordered_at + SETTLES:
            raise VendorPending("LivionKey: the order may still be on its way")
        return found.ref if found else None

    def _end_now(self, ref: str) -> None:
        now = clock.now()
        found = map(
            contract_of, self.client.contracts(self.account, self._place.device)
        )
        ours = next((each for each in found if each and each.ref == ref), None)
        if ours is not None and not ours.over(now):
            body = terms(self._place, ours.start, now, ours.pin)
            self.client.change(self.account, ref, body)

    @property
    def _place(self) -> CabinetPlace:
        return place_of(self.code.lock_vendor_id)
