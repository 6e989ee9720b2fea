"""Every code in each of the three records: the cloud's, on its way, the door's.

Invariants: reads only. A visit's code is in the cloud alone, as long as the visit is
valid. A person's PIN is on its way until the door was told exactly this permit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.kit.door import Code
from fakes.vendors.exivo import delivery, visitors
from fakes.vendors.exivo.state import state_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fakes.doors.onlinedoor import OnlineDoor
    from fakes.doors.permit import Permit
    from fakes.kit.door import Door, Truth
    from fakes.kit.world import World
    from fakes.vendors.exivo.state import Visit


def codes(world: World, door: Door | None) -> Iterator[Code]:
    """Yield the codes of a door, or of all doors."""
    state = state_of(world)
    for each in state.doors.values():
        if door is None or door.id == each.id:
            component = state.components[each.vendor_id]
            for visit in state.visits.values():
                if component.id in visit.components:
                    yield from _of_visit(world, each, visit)
            in_cloud = {p.ref: p for p in delivery.permits(state, component, world.now)}
            yield from _of_permits(each, in_cloud)


def _of_visit(world: World, door: OnlineDoor, visit: Visit) -> Iterator[Code]:
    if visitors.ended(visit, world.now) is None:
        start, end = visit.valid_from, visit.valid_to
        since = visit.made_at
        yield Code(door.id, visit.code, "cloud", start, end, visit.id, since)


def _of_permits(door: OnlineDoor, in_cloud: dict[str, Permit]) -> Iterator[Code]:
    for ref, permit in in_cloud.items():
        yield from _row(door, permit, "cloud")
        if door.permits.get(ref) != permit:
            yield from _row(door, permit, "queue")
    for permit in door.permits.values():
        yield from _row(door, permit, "door")


def _row(door: OnlineDoor, permit: Permit, truth: Truth) -> Iterator[Code]:
    if permit.pin is not None:
        yield Code(door.id, permit.pin, truth, permit.start, permit.end, permit.ref)


def typed_with(world: World, code: Code) -> dict[str, str]:
    """Return the link that a visit's code is typed at; a PIN pad needs none."""
    tokens = state_of(world).tokens.items()
    own = [token for token, visit in tokens if visit == code.ref]
    return {"link": own[0]} if own else {}
