"""One order on its way to a lock: what the list shows decides the next step.

Law: at most one thing is ordered at a time, and nothing while an earlier order of
the same code runs. The answer 204 ends nothing; only the list does.

    the list shows                        step
    nothing of ours                       create
    ours, an order under way              wait
    ours, never on the lock, an error     delete, and begin anew
    ours, with other limits               change, all fields named
    ours, without the lock's number       have the server look at the lock
    ours, as ordered, with a number       done
    somebody else's with our PIN          PinTaken
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from typing import Any
from typing import NoReturn

from service.ports import Order
from service.ports import PinTaken
from service.ports import VendorBusy
from service.ports import VendorPending
from service.vendors.nuki import schedules
from service.vendors.nuki.keypad import label
from service.vendors.nuki.rows import KEYPAD_CODE

if TYPE_CHECKING:
    from service.vendors.nuki.account import Account
    from service.vendors.nuki.client import Client
    from service.vendors.nuki.rows import Limits
    from service.vendors.nuki.rows import Row

KNOWN_BY = timedelta(minutes=2)  # a lock that is online takes seconds
TAKEN = "Nuki: the lock has this PIN for somebody else; another one is chosen"


@dataclass(frozen=True, slots=True)
class Delivery:
    """The order, and whom to ask about it."""

    client: Client
    account: Account
    order: Order

    def take_step(self) -> Row:
        """Return the row once the lock has it, else do what is missing and raise."""
        lock = self.order.lock_vendor_id
        rows = [r for r in self.client.codes(self.account, lock) if r.code == self._pin]
        ours = [row for row in rows if row.name == self._name]
        if rows and not ours:
            raise PinTaken(TAKEN)
        if not ours:
            self._create()
        row = ours[0]
        if row.under_way:
            raise VendorPending("Nuki: the code is on its way to the lock")
        if row.error and row.number is None:
            self.client.delete(self.account, lock, row.ref)
            raise VendorBusy("Nuki: the lock did not take the code; it is ordered anew")
        if not row.allows(self._limits):
            self.client.change(self.account, lock, row.ref, self._body())
            raise VendorPending("Nuki: the code's new time is on its way", KNOWN_BY)
        if row.number is None:
            self.client.sync(self.account, lock)
            raise VendorPending(
                "Nuki: the code is listed, but the lock has not said so"
            )
        return row

    def _create(self) -> NoReturn:
        body = self._body() | {"type": KEYPAD_CODE}
        try:
            self.client.create(self.account, self.order.lock_vendor_id, body)
        except PinTaken as taken:
            if not self.order.repeated:
                raise
            text = "Nuki: the code was ordered, and is not listed yet"
            raise VendorPending(text) from taken
        raise VendorPending("Nuki: the code is on its way to the lock", KNOWN_BY)

    def _body(self) -> dict[str, Any]:
        """Return every field, since an update clears those that are left out."""
        code = {"name": self._name, "code": int(self._pin), "remoteAllowed": False}
        return code | self._limits.written()

    @property
    def _pin(self) -> str:
        return self.order.pin.reveal() if self.order.pin else ""

    @property
    def _name(self) -> str:
        return label(self.order.name)

    @property
    def _limits(self) -> Limits:
        return schedules.limits(self.order.window, self.order.zone)
