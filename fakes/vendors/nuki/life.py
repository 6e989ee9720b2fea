"""The life of an auth: ordered, on its way, on the lock, or not.

Rules
  Whatever changes an auth through the API comes from `orders` and ends in `ENDS`.
  This file alone brings an order from the server to a lock.

Theory of operation
  After `delivery-seconds` the server tries to reach the lock; what the try came to is
  one of

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

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from fakes.doors.codebook import CodebookError
from fakes.vendors.nuki import push, sync
from fakes.vendors.nuki.limits import code_of
from fakes.vendors.nuki.state import (
    KEYPAD_CODE,
    Auth,
    Device,
    Kind,
    Operation,
    quirk,
    state_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from fakes.doors.smartlock import SmartLock
    from fakes.kit.world import World

DELIVER = "nuki.deliver"
VANISH = "nuki.vanish"
FOR_EVER = -1


def deliver(world: World, *, smartlock: int, operation: str) -> dict[str, Any] | None:
    """Try to bring an order to its lock, and end it if that came to anything."""
    device = state_of(world).devices.get(smartlock)
    found = device.operations.get(operation) if device else None
    if device is None or found is None:
        return None
    auth = device.auths[found.auth]
    trip = _Trip(world, device, auth, found)
    outcome = trip.outcome()
    if outcome is not None:
        del device.operations[operation]
        auth.operation = None
        ENDS[found.kind, outcome](trip)
    told = {"smartlock": smartlock, "auth": auth.id, "order": found.kind}
    return {**told, "came_to": outcome or "waiting"}


def resume(world: World, device: Device) -> None:
    """Take up what has waited for the lock to be back, in the order of arrival."""
    for operation in device.operations.values():
        if operation.waiting:
            operation.waiting = False
            schedule(world, device, operation, "delivery-seconds")


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
        schedule(self.world, self.device, self.operation, "give-up-seconds")
        return None

    def add(self) -> None:
        code = code_of(self.world, self.auth.settings)
        self.auth.number = self.door.codebook.add(code)

    def change(self) -> None:
        requested = self.operation.requested or self.auth.settings
        self.door.codebook.change(self.auth.number or 0, code_of(self.world, requested))

    def drop(self) -> None:
        known_to_be_missing = self.auth.number is None and self.auth.error
        if not known_to_be_missing:
            self.door.codebook.drop(self.auth.number or 0)

    def settle(self) -> None:
        """Let the copy say what was ordered."""
        auth, asked = self.auth, self.operation.request_id
        auth.settings = self.operation.requested or auth.settings
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


def schedule(world: World, device: Device, operation: Operation, span: str) -> None:
    """Try to bring an order to its lock after a span that a switch names."""
    at = world.now + timedelta(seconds=float(quirk(world, span)))
    ids = {"smartlock": device.smartlock_id, "operation": operation.id}
    world.call_at(at, DELIVER, **ids)
