"""The life of an auth: ordered, on its way, on the lock, or not.

Rules
  Whatever changes an auth through the API goes through `accept` and ends in `ENDS`.
  This file knows no HTTP; it alone brings an order from the server to a lock.

Theory of operation
  A good order is accepted at once. The auth carries the id of its operation until that
  has ended, and takes no other order meanwhile. After `delivery-seconds` the server
  tries to reach the lock; what the try came to is one of

      done      the lock has taken it
      refused   the lock has said no (full, taken, unknown number)
      lost      it never got there, and the server knows
      believed  it never got there, and the server takes it for done
      None      still on its way; it waits for the lock to be back

Exceptions to the table
  A deleted row may linger although the lock has forgotten the code
  (`delete-lingers-seconds`); and the copy may be wrong until the next sync (`sync`). A
  keypad code that is listed without a number of the lock's is a ghost: the lock does
  not have it, so it refuses to delete it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from typing import NamedTuple

from fakes.doors.codebook import CodebookError
from fakes.doors.smartlock import SmartLock
from fakes.kit.world import World
from fakes.vendors.nuki import push
from fakes.vendors.nuki import sync
from fakes.vendors.nuki.errors import running
from fakes.vendors.nuki.limits import code_of
from fakes.vendors.nuki.state import KEYPAD_CODE
from fakes.vendors.nuki.state import Auth
from fakes.vendors.nuki.state import Device
from fakes.vendors.nuki.state import Kind
from fakes.vendors.nuki.state import Operation
from fakes.vendors.nuki.state import Settings
from fakes.vendors.nuki.state import object_id
from fakes.vendors.nuki.state import quirk
from fakes.vendors.nuki.state import state_of

DELIVER = "nuki.deliver"
VANISH = "nuki.vanish"
FOR_EVER = -1


@dataclass(frozen=True)
class Order:
    """One order that is good: a new auth's settings, or what becomes of a row."""

    device: Device
    kind: Kind
    auth: Auth | None = None  # none yet if it is to be created
    wish: Settings | None = None  # none if it is to be deleted
    type: int = KEYPAD_CODE
    request_id: str | None = None


def check_free(world: World, order: Order) -> None:
    """Return if the auth takes the order; refused (423) while another one runs."""
    operation = _running(order)
    if operation is not None and not _is_swallowed(world, order, operation):
        raise running()


def accept(world: World, order: Order) -> Auth:
    """Return the row that an order is about; refused (423) while another one runs."""
    check_free(world, order)
    met = _running(order)
    row = order.auth or _listed(world, order)
    if met is not None:
        met.swallowed = True
        return row
    operation = Operation(
        id=object_id(world),
        kind=order.kind,
        auth=row.id,
        accepted_at=world.now,
        wish=order.wish,
        request_id=order.request_id,
    )
    order.device.operations[operation.id] = operation
    row.operation = operation.id
    _schedule(world, order.device, operation, "delivery-seconds")
    return row


def deliver(world: World, *, smartlock: int, operation: str) -> dict[str, Any] | None:
    """Try to bring an order to its lock, and end it if that came to anything."""
    device = state_of(world).devices.get(smartlock)
    running_one = device.operations.get(operation) if device else None
    if device is None or running_one is None:
        return None
    auth = device.auths[running_one.auth]
    trip = _Trip(world, device, auth, running_one)
    outcome = trip.outcome()
    if outcome is not None:
        del device.operations[operation]
        auth.operation = None
        ENDS[running_one.kind, outcome](trip)
    told = {"smartlock": smartlock, "auth": auth.id, "order": running_one.kind}
    return {**told, "came_to": outcome or "waiting"}


def resume(world: World, device: Device) -> None:
    """Take up what has waited for the lock to be back, in the order of arrival."""
    for operation in device.operations.values():
        if operation.waiting:
            operation.waiting = False
            _schedule(world, device, operation, "delivery-seconds")


def vanish(world: World, *, smartlock: int, auth: str) -> dict[str, Any] | None:
    """Take a row off the list that has lingered long enough."""
    device = state_of(world).devices.get(smartlock)
    row = device.auths.pop(auth, None) if device else None
    if device is None or row is None:
        return None
    device.operations.pop(row.operation or "", None)
    push.tell_auth(world, device, row, deleted=True)
    return {"smartlock": smartlock, "auth": auth}


class _Trip(NamedTuple):
    """An order on its way to its lock, and how it can end."""

    world: World
    device: Device
    auth: Auth
    operation: Operation

    @property
    def door(self) -> SmartLock:
        return state_of(self.world).door_of(self.device)

    def outcome(self) -> str | None:
        if not self.door.online:
            return self._out_of_reach()
        if self.world.ids.chance("nuki.delivery") < quirk(self.world, "delivery-loss"):
            return "lost"
        if self.auth.type != KEYPAD_CODE:  # on somebody's phone, not behind the keypad
            return "done"
        try:
            _WORK[self.operation.kind](self)
        except CodebookError:
            return "refused"
        return "done"

    def _out_of_reach(self) -> str | None:
        habit = quirk(self.world, "offline")
        if habit == "ghost":
            return "believed"
        if habit == "queue":
            self.operation.waiting = True
            return None
        patience = timedelta(seconds=float(quirk(self.world, "give-up-seconds")))
        if self.world.now >= self.operation.accepted_at + patience:
            return "lost"
        _schedule(self.world, self.device, self.operation, "give-up-seconds")
        return None

    def add(self) -> None:
        code = code_of(self.world, self.auth.settings)
        self.auth.number = self.door.codebook.add(code)

    def change(self) -> None:
        wish = self.operation.wish or self.auth.settings
        self.door.codebook.change(self.auth.number or 0, code_of(self.world, wish))

    def drop(self) -> None:
        known_to_be_missing = self.auth.number is None and self.auth.error
        if not known_to_be_missing:
            self.door.codebook.drop(self.auth.number or 0)

    def settle(self) -> None:
        """Let the copy say what was ordered."""
        auth, asked = self.auth, self.operation.request_id
        auth.settings = self.operation.wish or auth.settings
        auth.confirmed, auth.error = True, None
        auth.updated_at = self.world.now
        push.tell_auth(self.world, self.device, auth, request_id=asked)

    def keep(self) -> None:
        """Leave the copy as it was, right or wrong, with or without an error."""
        if quirk(self.world, "failure-shows") == "error":
            self.auth.error = f"The {self.operation.kind} failed"
        sync.wait_for_the_day(self.world, self.device)

    def fail(self) -> None:
        """Take away what never was on the lock, or list it with its error."""
        self.keep()
        if self.auth.error is None:
            del self.device.auths[self.auth.id]

    def remove(self) -> None:
        """Take the row away; or let it linger, as a ghost."""
        world, auth, asked = self.world, self.auth, self.operation.request_id
        seconds = int(quirk(world, "delete-lingers-seconds"))
        if not seconds:
            del self.device.auths[auth.id]
            push.tell_auth(world, self.device, auth, deleted=True, request_id=asked)
            return
        auth.number = None
        if seconds != FOR_EVER:
            at, lock = world.now + timedelta(seconds=seconds), self.device.smartlock_id
            world.call_at(at, VANISH, smartlock=lock, auth=auth.id)

    def settle_blindly(self) -> None:
        """Let the copy say what the lock does not; a sync may see it."""
        self.settle()
        sync.wait_for_the_day(self.world, self.device)

    def remove_blindly(self) -> None:
        """Take the row away, though not the code; a sync will see it."""
        self.remove()
        sync.wait_for_the_day(self.world, self.device)


_WORK: dict[Kind, Callable[[_Trip], None]] = {
    "create": _Trip.add,
    "update": _Trip.change,
    "delete": _Trip.drop,
}

ENDS: dict[tuple[Kind, str], Callable[[_Trip], None]] = {
    ("create", "done"): _Trip.settle,
    ("create", "refused"): _Trip.fail,
    ("create", "lost"): _Trip.fail,
    ("create", "believed"): _Trip.settle_blindly,
    ("update", "done"): _Trip.settle,
    ("update", "refused"): _Trip.keep,
    ("update", "lost"): _Trip.keep,
    ("update", "believed"): _Trip.settle_blindly,
    ("delete", "done"): _Trip.remove,
    ("delete", "refused"): _Trip.keep,
    ("delete", "lost"): _Trip.keep,
    ("delete", "believed"): _Trip.remove_blindly,
}


def _running(order: Order) -> Operation | None:
    held = order.auth.operation if order.auth else None
    return order.device.operations.get(held or "")


def _is_swallowed(world: World, order: Order, operation: Operation) -> bool:
    """Whether an update that comes too fast is accepted, and lost."""
    lossy = quirk(world, "rapid-updates") == "one-is-lost"
    return lossy and order.kind == "update" and not operation.swallowed


def _listed(world: World, order: Order) -> Auth:
    """Return the row of a new auth, in the copy from now on."""
    row = Auth(
        id=object_id(world),
        smartlock_id=order.device.smartlock_id,
        type=order.type,
        settings=order.wish or Settings(""),
        created_at=world.now,
        updated_at=world.now,
    )
    order.device.auths[row.id] = row
    return row


def _schedule(world: World, device: Device, operation: Operation, span: str) -> None:
    at = world.now + timedelta(seconds=float(quirk(world, span)))
    ids = {"smartlock": device.smartlock_id, "operation": operation.id}
    world.call_at(at, DELIVER, **ids)
