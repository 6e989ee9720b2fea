"""Orders for auths: accepted at once, one at a time, and then on their way.

Invariants: a good order leaves at once. The auth carries the id of its operation until
that has ended (`life`) and takes no other order meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fakes.vendors.nuki import life
from fakes.vendors.nuki.errors import running
from fakes.vendors.nuki.state import (
    KEYPAD_CODE,
    Auth,
    Device,
    Kind,
    Operation,
    Settings,
    object_id,
    quirk,
)

if TYPE_CHECKING:
    from fakes.kit.world import World


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
    life.schedule(world, order.device, operation, "delivery-seconds")
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
