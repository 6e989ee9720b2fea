"""One order on its way to a lock: what the list shows decides the next step.

Invariants: at most one thing is ordered at a time, and nothing while an earlier order
of the same code runs. The answer 204 ends nothing; only the list does.

    the list shows                        step
    nothing of ours                       create
    nothing, though it was ordered        create, and have the server look at the lock
    ours, an order under way              wait
    ours, never on the lock, an error     the same look; delete, and begin anew
    ours, with other limits               change, all fields named; the same look if
                                          it was ordered before
    ours, without the lock's number       have the server look at the lock
    the same ten minutes later, online    delete; PinTaken
    ours, as ordered, with a number       done
    somebody else's with our PIN          PinTaken

A look of the server's shows codes that an app has stored at the lock, and so who has a
PIN that the lock does not take. A lock that is full is told by the length of the list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NoReturn

from service import clock
from service.ports import Order, PinTaken, VendorBusy, VendorPending, VendorRefused
from service.vendors.nuki import schedules
from service.vendors.nuki.devices import is_online
from service.vendors.nuki.keypad import CAPACITY, label
from service.vendors.nuki.rows import KEYPAD_CODE

if TYPE_CHECKING:
    from service.vendors.nuki.account import Account
    from service.vendors.nuki.client import Client
    from service.vendors.nuki.rows import Limits, Row

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
    f"for {CAPACITY}; delete some in the Nuki app, it is ordered again and again"
)


@dataclass(frozen=True, slots=True)
class CodeDelivery:
    """The order, and whom to ask about it."""

    client: Client
    account: Account
    order: Order

    def take_step(self) -> Row:
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
            self.client.look(self.account, self._lock)
            self.client.delete(self.account, self._lock, row.ref)
            raise VendorBusy(_full(len(rows) - 1) or NOT_TAKEN)
        if not row.allows(self._limits):
            self.client.change(self.account, self._lock, row.ref, self._body())
            if self.order.repeated:
                self.client.look(self.account, self._lock)
            raise VendorPending("Nuki: the code's new time is on its way", KNOWN_BY)
        if row.number is None:
            self._doubt(row, ghosts=[each for each in rows if self._is_ghost(each)])
        return row

    def _create(self, listed: int) -> NoReturn:
        """Order the code; one that was ordered before has not arrived, or is lost."""
        body, full = self._body() | {"type": KEYPAD_CODE}, _full(listed)
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
            self.client.look(self.account, self._lock)
            raise VendorBusy(full) from None
        if not self.order.repeated:
            raise VendorPending(ON_ITS_WAY, KNOWN_BY)
        self.client.look(self.account, self._lock)
        raise VendorPending(full or ON_ITS_WAY, KNOWN_BY)

    def _doubt(self, row: Row, ghosts: list[Row]) -> NoReturn:
        """Have the server look; give a PIN up that a lock within reach never took.

        One ghost at most is left behind.
        """
        at = row.updated_at
        old = at is not None and clock.now() - at > GHOST_AFTER
        if old and len(ghosts) == 1 and self._online():
            self.client.delete(self.account, self._lock, row.ref)
            raise PinTaken(GHOST)
        self.client.look(self.account, self._lock)
        raise VendorPending("Nuki: the code is listed, but the lock has not said so")

    def _is_ghost(self, row: Row) -> bool:
        return row.name == self._name and row.number is None

    def _online(self) -> bool:
        return is_online(self.client.lock(self.account, self._lock))

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
        return label(self.order.name)

    @property
    def _limits(self) -> Limits:
        return schedules.limits(self.order.window, self.order.zone)


def _full(listed: int) -> str | None:
    """Return what is wrong where so many codes leave no room, None where there is."""
    return FULL.format(count=listed) if listed >= CAPACITY else None
