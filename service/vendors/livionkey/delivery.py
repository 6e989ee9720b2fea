"""One order on its way to a cabinet: what the vendor lists decides the next step.

Invariants: a contract has one name for good, so an order that went out before is found
by it and taken over, whatever became of its answer. A contract is changed in place.

    the vendor lists                          step
    nothing of ours                           make it
    ours, for other times or another PIN      change it
    ours, as ordered, the cabinet not told    wait
    ours, as ordered, the cabinet told        done
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from service import clock
from service.ports import Order, VendorError, VendorPending, VendorUnknown
from service.vendors.livionkey.answers import Doubled, TooLate, text_in
from service.vendors.livionkey.contracts import (
    Contract,
    begins,
    contract_id,
    contract_of,
    people,
    terms,
)
from service.vendors.livionkey.devices import CabinetPlace, is_synced, place_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from service.vendors.livionkey.account import Account
    from service.vendors.livionkey.client import Client

Terms = dict[str, Any]  # JSON
Result = TypeVar("Result")

TOLD_LATER = "LivionKey: the cabinet has not heard of the code yet"


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
        wait_until_told(self.client, self.account, self._place.device)
        return ref

    def _made(self) -> str:
        """Return the ref of the new contract, or of the one that is there already."""
        given = {"contractId": self._name} | people(self.order.name)

        def make(terms: Terms) -> str:
            return text_in(self.client.make(self.account, given | terms), "id")

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

    def _change(self, ours: Contract) -> None:
        def change(terms: Terms) -> None:
            self.client.change(self.account, ours.ref, terms)

        self._begun(change, ours)

    def _begun(
        self, send: Callable[[Terms], Result], running: Contract | None = None
    ) -> Result:
        """Return what the vendor says to the first start that it does not call over."""
        *starts, last = begins(self.order.window, clock.now(), running)
        for start in starts:
            with suppress(TooLate):
                return send(self._terms(start))
        return send(self._terms(last))

    def _listed(self) -> Contract | None:
        return find(self.client, self.account, self._place.device, self._name)

    def _terms(self, start: datetime) -> Terms:
        return terms(self._place, start, self.order.window.end or start, self._pin)

    @property
    def _place(self) -> CabinetPlace:
        return place_of(self.order.lock_vendor_id)

    @property
    def _name(self) -> str:
        return contract_id(self.order.name, self.order.access)

    @property
    def _pin(self) -> str:
        return self.order.pin.reveal() if self.order.pin else ""


def find(client: Client, account: Account, device: str, name: str) -> Contract | None:
    """Return the contract of that name at the device, None if there is none."""
    found = map(contract_of, client.contracts(account, device))
    return next((each for each in found if each and each.contract_id == name), None)


def wait_until_told(client: Client, account: Account, device: str) -> None:
    """Raise `VendorPending` while the cabinet does not know all of its codes.

    `VendorUnknown` where nobody says, whatever the answer was: what was ordered just
    before is done, so no answer to this may read as if it were not.
    """
    try:
        record = client.device(account, device)
    except VendorError as silent:
        raise VendorUnknown(silent.reason, silent.retry_after) from silent
    if not is_synced(record):
        raise VendorPending(TOLD_LATER)
