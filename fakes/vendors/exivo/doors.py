"""Doors of an Exivo site: hung, and changed by hand.

Invariants: what hangs on the wall is in `fakes.doors`; the cloud has a record of it,
and tells it who may pass whenever it can be reached. A gateway is recorded and is no
door.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, ValidationError

from fakes.doors.lockout import Lockout
from fakes.doors.onlinedoor import OnlineDoor
from fakes.kit.wire import Strict, refusal
from fakes.vendors.exivo import events, rights
from fakes.vendors.exivo.state import NAME, Component, State, Zone, quirk, state_of
from fakes.vendors.exivo.visitor_door import VisitorDoor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fakes.kit.fake import Door
    from fakes.kit.world import World

KindName = Literal["electric-lock", "cylinder", "alarm-door", "gateway"]
TEMPLATES = {
    "electric-lock": "electric-lock",
    "cylinder": "wireless-digital-cylinder",
    "alarm-door": "electric-lock-with-alarm",  # invented: it has the word in it
    "gateway": "wireless-gateway",
}
RECORDED = ("labelling", "remarks")


class DoorFields(Strict):
    """What can be said of a door when it is hung and changed later."""

    timezone: str = ""
    online: bool = True
    ready: bool = True
    battery: Annotated[int, Field(ge=0, le=100)] = 100
    clock_drift_seconds: float = 0.0
    keypad: bool = False
    contact: Literal["open", "closed"] = "closed"
    unlock_pulse_seconds: Annotated[float, Field(gt=0, le=300)] = 5.0
    labelling: str | None = None
    remarks: str | None = None


class NewDoor(DoorFields):
    """What a door is hung with; it is in the zones of these names."""

    name: str
    kind: KindName = "electric-lock"
    zones: Annotated[tuple[str, ...], Field(max_length=2)] = ("Main",)


class DoorChange(DoorFields):
    """What changes at a door by hand; only the fields that are given count."""

    name: str = ""
    mode: Literal["normal", "closed", "open", "accessControl"] = "normal"
    alarm: Literal["sabotage", "short-circuit", "interruption"] = "sabotage"


def add_door(world: World, fields: Mapping[str, Any]) -> VisitorDoor:
    """Return a door with its component; the first one says where the site is."""
    body = _checked(NewDoor, fields)
    state = state_of(world)
    if body.timezone and not state.doors:
        state.site.timezone = body.timezone
    door = _door(world, body)
    state.doors[door.id] = door
    is_door = body.kind != "gateway"
    component = Component(
        id=door.vendor_id,
        door_id=door.id,
        identifier=body.name,
        template=TEMPLATES[body.kind],
        is_door=is_door,
        zones=[_zone(world, name).id for name in body.zones] if is_door else [],
        **{name: getattr(body, name) for name in RECORDED},
    )
    state.components[component.id] = component
    rights.instruct(world, component)
    return VisitorDoor(state, door)


def change(world: World, visitor_door: Door, fields: Mapping[str, Any]) -> None:
    """Change a door; once it can be reached again, it is told what it missed."""
    body = _checked(DoorChange, fields)
    state, given = state_of(world), body.model_fields_set
    door = state.doors[visitor_door.id]
    component = state.components[door.vendor_id]
    was_reachable = door.reachable
    for name in given - {"alarm", "mode", *RECORDED}:
        setattr(door, name, getattr(body, name))
    for name in given.intersection(RECORDED):
        setattr(component, name, getattr(body, name))
    component.identifier = door.name
    if "mode" in given:
        door.turn(body.mode, world.now)
    if "alarm" in given:
        events.tell(world, component, events.ALARMS[body.alarm], {})
    if door.reachable and not was_reachable:
        rights.instruct(world, component)
    events.gather(world, component)


def seed_demo(world: World) -> None:
    """Hang the doors of a demo world."""
    here = {"timezone": "Europe/Zurich"}
    add_door(world, here | {"name": "Front door", "keypad": True})
    add_door(world, here | {"name": "Studio 1", "labelling": "First floor, left"})
    add_door(world, here | {"name": "Studio 2", "kind": "cylinder"})
    add_door(world, here | {"name": "Gateway", "kind": "gateway"})


def _door(world: World, body: NewDoor) -> OnlineDoor:
    tries, seconds = (quirk(world, f"pad-{name}") for name in ("tries", "seconds"))
    plain = ("name", "kind", "online", "ready", "battery", "clock_drift_seconds")
    more = ("keypad", "contact", "unlock_pulse_seconds")
    return OnlineDoor(
        id=world.ids.name("door"),
        vendor=NAME,
        vendor_id=world.ids.uuid("exivo.component"),
        timezone=body.timezone or state_of(world).site.timezone,
        lockout=Lockout(((int(tries), float(seconds)),)),
        pin_alone=bool(quirk(world, "pin-alone")),
        **{name: getattr(body, name) for name in (*plain, *more)},
    )


def _zone(world: World, name: str) -> Zone:
    """Return the zone of that name, new if there was none."""
    state: State = state_of(world)
    for zone in state.zones.values():
        if zone.name == name:
            return zone
    zone = Zone(world.ids.uuid("exivo.zone"), name)
    state.zones[zone.id] = zone
    return zone


def _checked(model: type[DoorFields], fields: Mapping[str, Any]) -> Any:
    """Return the fields as the model; a Problem names each that is wrong."""
    try:
        return model.model_validate(dict(fields))
    except ValidationError as error:
        raise refusal(error) from error
