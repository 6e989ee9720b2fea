"""From the server to the lock: orders for auths, and actions and settings.

Invariants: accepted is not done. An auth carries the id of its operation until that has
ended, and takes no other order meanwhile. Every operation ends in one row of `ENDS`;
only this file brings an order to a lock. An action reaches the lock `delivery-seconds`
later if the lock is online then, and is lost otherwise; a lock that has one on its way
takes no other.

After `delivery-seconds` the server tries to reach the lock. The outcome is one of

    done      the lock has taken it
    refused   the lock has said no (full, taken, unknown number)
    lost      it never got there, and the server knows
    believed  it never got there, and the server takes it for done
    None      still on its way; it waits until the lock is online again

Two exceptions: a deleted row may stay in the list although the lock has forgotten the
code (`delete-lingers-seconds`), and the copy may be wrong until the next sync. A row
without a number of the lock's is a ghost: the lock does not have it, so it refuses to
delete it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from fakes.doors.codebook import CodebookError
from fakes.vendors.nuki import device_events, webhooks
from fakes.vendors.nuki.codes import code_of
from fakes.vendors.nuki.errors import bad_value, refused, running
from fakes.vendors.nuki.state import (
    KEYPAD_CODE,
    Auth,
    Device,
    Kind,
    Operation,
    Settings,
    object_id,
    quirk,
    state_of,
)
from fakes.vendors.nuki.zones import ZONES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fakes.doors.smartlock import SmartLock
    from fakes.kit.world import World


DELIVER = "nuki.deliver"
VANISH = "nuki.vanish"
FOR_EVER = -1
ACT = "nuki.act"
CONFIGURE = "nuki.configure"
UNLOCK, LOCK = 1, 2
DEEDS = {
    UNLOCK: "unlock",
    LOCK: "lock",
    3: "unlatch",
    4: "lock-n-go",
    5: "lock-n-go-unlatch",
}
ACCEPTED = 204


@dataclass(frozen=True)
class Order:
    """One order that is good: a new auth's settings, or what becomes of a row."""

    device: Device
    kind: Kind
    auth: Auth | None = None  # none yet if it is to be created
    requested: Settings | None = None  # none if it is to be deleted
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
        requested=order.requested,
        request_id=order.request_id,
    )
    order.device.operations[operation.id] = operation
    row.operation = operation.id
    schedule(world, order.device, operation, "delivery-seconds")
    return row


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
        settings=order.requested or Settings(""),
        created_at=world.now,
        updated_at=world.now,
    )
    order.device.auths[row.id] = row
    return row


def deliver(world: World, *, smartlock: int, operation: str) -> dict[str, Any] | None:
    """Try to bring an order to its lock, and end it if there is an outcome."""
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
    facts = {"smartlock": smartlock, "auth": auth.id, "order": found.kind}
    return {**facts, "came_to": outcome or "waiting"}


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
    webhooks.send_auth(world, device, row, deleted=True)
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
        if not self.door.connected:
            return self._out_of_reach()
        if self.world.ids.chance("nuki.delivery") < quirk(self.world, "delivery-loss"):
            return "lost"
        if (
            self.auth.type != KEYPAD_CODE
        ):  # stored on a phone, not in the lock's codebook
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
        """Write what was ordered into the copy."""
        auth, asked = self.auth, self.operation.request_id
        auth.settings = self.operation.requested or auth.settings
        auth.confirmed, auth.error = True, None
        auth.updated_at = self.world.now
        webhooks.send_auth(self.world, self.device, auth, request_id=asked)

    def keep(self) -> None:
        """Leave the copy as it was, right or wrong, with or without an error."""
        if quirk(self.world, "failure-shows") == "error":
            self.auth.error = f"The {self.operation.kind} failed"
        device_events.wait_for_the_day(self.world, self.device)

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
            webhooks.send_auth(world, self.device, auth, deleted=True, request_id=asked)
            return
        auth.number = None
        if seconds != FOR_EVER:
            at, lock = world.now + timedelta(seconds=seconds), self.device.smartlock_id
            world.call_at(at, VANISH, smartlock=lock, auth=auth.id)

    def settle_blindly(self) -> None:
        """Write into the copy what the lock does not have; a sync may find it."""
        self.settle()
        device_events.wait_for_the_day(self.world, self.device)

    def remove_blindly(self) -> None:
        """Take the row away, though not the code; a sync will see it."""
        self.remove()
        device_events.wait_for_the_day(self.world, self.device)


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


def act(
    world: World,
    device: Device,
    action: int | None,
    *,
    request_id: str | None = None,
) -> None:
    """Have a lock act soon; Refused if it cannot take the action now."""
    if action not in DEEDS:
        raise bad_value(action, "action")
    if device.acting:
        raise running()
    status = int(quirk(world, "offline-action-status"))
    if status != ACCEPTED and not state_of(world).door_of(device).connected:
        raise refused(status, "The device is offline")
    device.acting = object_id(world)
    _call_soon(world, ACT, device, performed=DEEDS[action], request_id=request_id)


def perform(
    world: World, *, smartlock: int, performed: str, request_id: str | None
) -> dict[str, Any] | None:
    """Have the lock act, if it is online."""
    device = state_of(world).devices.get(smartlock)
    if device is None:
        return None
    device.acting = None
    door = state_of(world).door_of(device)
    if not door.connected:
        return {"smartlock": smartlock, "came_to": "out of reach"}
    door.act(performed, "web", world.now)
    device_events.soon(world, device)
    if request_id:
        webhooks.send_status(world, device, request_id=request_id)
    came_to = "motor blocked" if door.blocked else performed
    return {"smartlock": smartlock, "came_to": came_to}


def configure(
    world: World, device: Device, section: str, fields: Mapping[str, Any]
) -> None:
    """Have a lock configured soon; `section` names the part of its record."""
    zone = fields.get("timezoneId")
    if zone is not None and zone not in range(len(ZONES)):
        raise bad_value(zone, "timezoneId")
    _call_soon(world, CONFIGURE, device, section=section, fields=dict(fields))


def apply(
    world: World, *, smartlock: int, section: str, fields: dict[str, Any]
) -> dict[str, Any] | None:
    """Set the lock, if it can be reached; its zone counts from now on."""
    device = state_of(world).devices.get(smartlock)
    if device is None or not state_of(world).door_of(device).connected:
        return None
    getattr(device, section).update(fields)
    if "timezoneId" in fields:
        state_of(world).door_of(device).timezone = ZONES[fields["timezoneId"]]
    device.name = fields.get("name", device.name)
    device.updated_at = world.now
    webhooks.send_config(world, device)
    return {"smartlock": smartlock, "set": sorted(fields)}


def _call_soon(world: World, task: str, device: Device, **args: Any) -> None:
    at = world.now + timedelta(seconds=float(quirk(world, "delivery-seconds")))
    world.call_at(at, task, smartlock=device.smartlock_id, **args)
