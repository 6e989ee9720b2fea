"""Doors of an Exivo site: which fields they take, how they are changed and tried.

Invariants: the door itself is in `fakes.doors`; the cloud has a record of it and sends
it rights while it is reachable. A gateway has a record and is no door. A code that is
entered with a `link` goes to the visit's page, where the cloud decides; one without
goes to the PIN pad, where the door decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, ValidationError

from fakes.doors.entry import check_extra
from fakes.doors.lockout import Lockout
from fakes.doors.onlinedoor import OnlineDoor
from fakes.kit.json_api import Strict, refusal, wrong
from fakes.vendors.exivo import delivery, device_events, visitors
from fakes.vendors.exivo.state import NAME, Component, State, Zone, quirk, state_of
from fakes.vendors.exivo.visitors import NO_DOOR_TRIED, PAGE_RULES, PageEntry

if TYPE_CHECKING:
    from datetime import datetime

    from fakes.doors.entry import Entry
    from fakes.doors.onlinedoor import OnlineDoorLogEntry
    from fakes.kit.door import Door
    from fakes.kit.door import Entry as AnyEntry
    from fakes.kit.world import World


KindName = Literal["electric-lock", "cylinder", "alarm-door", "gateway"]
TEMPLATES = {
    "electric-lock": "electric-lock",
    "cylinder": "wireless-digital-cylinder",
    "alarm-door": "electric-lock-with-alarm",  # invented: it has the word in it
    "gateway": "wireless-gateway",
}
RECORDED = ("labelling", "remarks")
# The reasons of the PIN pad, and the rule that each follows from
PAD_RULES = {
    "opened": "EXV-05",
    "wrong-code": "EXV-05",
    "unknown-medium": "EXV-05",
    "pin-needed": "EXV-05",
    "no-keypad": "EXV-05",
    "not-ready": "EXV-05",
    "no-power": "EXV-05",
    "locked-out": "EXV-05",
    "closed": "EXV-05",
    "early": "EXV-02",
    "over": "EXV-02",
    "wrong-time": "EXV-02",
}
TAKES = "a code, and beside it a link or a medium"


class DoorFields(Strict):
    """What can be set when a door is added and changed later."""

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
    """What a door is added with; it is in the zones of these names."""

    name: str
    kind: KindName = "electric-lock"
    zones: Annotated[tuple[str, ...], Field(max_length=2)] = ("Main",)


class DoorChange(DoorFields):
    """What changes at a door by hand; only the fields that are given count."""

    name: str = ""
    mode: Literal["normal", "closed", "open", "accessControl"] = "normal"
    alarm: Literal["sabotage", "short-circuit", "interruption"] = "sabotage"
    app_removes: str = ""  # the code of a visit that is revoked in the vendor's app


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
    delivery.instruct(world, component)
    return VisitorDoor(state, door)


def change(world: World, visitor_door: Door, fields: Mapping[str, Any]) -> None:
    """Change a door; one that is reachable again is sent what it missed."""
    body = _checked(DoorChange, fields)
    state, given = state_of(world), body.model_fields_set
    door = state.doors[visitor_door.id]
    component = state.components[door.vendor_id]
    was_reachable = door.reachable
    for name in given - {"alarm", "mode", "app_removes", *RECORDED}:
        setattr(door, name, getattr(body, name))
    for name in given.intersection(RECORDED):
        setattr(component, name, getattr(body, name))
    component.identifier = door.name
    if "app_removes" in given:
        _revoke(state, component, body.app_removes)
    if "mode" in given:
        door.turn(body.mode, world.now)
    if "alarm" in given:
        device_events.record(world, component, device_events.ALARMS[body.alarm], {})
    if door.reachable and not was_reachable:
        delivery.instruct(world, component)
    device_events.gather(world, component)


def _revoke(state: State, component: Component, code: str) -> None:
    """Revoke the visits of a door that have this code."""
    visits = [
        each
        for each in state.visits.values()
        if component.id in each.components and each.code == code and not each.revoked
    ]
    if not visits:
        raise wrong("app_removes", None, "no visit of this door has such a code")
    for each in visits:
        each.revoked = True


def remove(world: World, visitor_door: Door) -> None:
    """Take a component away, out of the visits that name it, too."""
    state = state_of(world)
    _drop(state, state.doors.pop(visitor_door.id).vendor_id)


def reset(world: World, visitor_door: Door) -> None:
    """Set a door to how it left the factory: it is not ready until it is paired."""
    state_of(world).doors[visitor_door.id].reset()


def pair(world: World, visitor_door: Door) -> None:
    """Reset a door and pair it anew: it is sent who may pass, as the cloud has it."""
    state = state_of(world)
    door = state.doors[visitor_door.id]
    door.reset()
    door.paired = True
    if door.reachable:
        delivery.instruct(world, state.components[door.vendor_id])


def replace_device(world: World, visitor_door: Door) -> None:
    """Put another device on the door; the component is the same, or another."""
    state = state_of(world)
    old = state.doors[visitor_door.id]
    door = replace(old, battery=100, clock_drift_seconds=0.0, log=[])
    component = state.components[old.vendor_id]
    if quirk(world, "replaced-component") == "new-id":
        _drop(state, component.id)
        component = replace(component, id=world.ids.uuid("exivo.component"))
        state.components[component.id] = component
        door.vendor_id = component.id
    state.doors[door.id] = door
    pair(world, visitor_door)


DEVICE_CHANGES = {"reset": reset, "paired": pair, "replaced": replace_device}


def _drop(state: State, component: str) -> None:
    """Remove a component, out of the visits that name it, too."""
    del state.components[component]
    lists = [each.components for each in state.visits.values()]
    lists += [each.components for each in state.key_visits.values()]
    for components in lists:
        if component in components:
            components.remove(component)


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
        raise refusal(error, model=model) from error


class VisitorDoor:
    """One door with all that can be tried at it; it keeps nothing itself."""

    def __init__(self, state: State, door: OnlineDoor) -> None:
        self._state = state
        self._door = door

    @property
    def id(self) -> str:
        """The door's id."""
        return self._door.id

    @property
    def log(self) -> list[OnlineDoorLogEntry]:
        """What the door itself remembers."""
        return self._door.log

    @property
    def component(self) -> Component:
        """The cloud's record of the door."""
        return self._state.components[self._door.vendor_id]

    def describe(self) -> dict[str, Any]:
        """Return what is shown about the door; no code."""
        zones = (self._state.zones[zone].name for zone in self.component.zones)
        return self._door.describe() | {"zones": list(zones)}

    def enter(
        self,
        code: str,
        now: datetime,
        *,
        link: str | None = None,
        medium: str | None = None,
        **extra: Any,
    ) -> Entry:
        """Type a code at the PIN pad, with a medium or none, or on a link's page."""
        check_extra(extra, TAKES)
        if link is not None:
            return visitors.enter(self._state, self.component, link, code, now)
        return self._door.enter(code, now, medium=medium)

    def probe(
        self,
        code: str,
        at: datetime,
        *,
        link: str | None = None,
        medium: str | None = None,
        **extra: Any,
    ) -> Entry:
        """Return what `enter` would answer at that instant; nothing changes."""
        check_extra(extra, TAKES)
        if link is not None:
            return visitors.probe(self._state, self.component, link, code, at)
        return self._door.probe(code, at, medium=medium)


class Thresholds(Mapping[str, VisitorDoor]):
    """Every door of a site, by door id."""

    def __init__(self, state: State) -> None:
        self._state = state

    def __getitem__(self, door_id: str) -> VisitorDoor:
        return VisitorDoor(self._state, self._state.doors[door_id])

    def __iter__(self) -> Iterator[str]:
        return iter(self._state.doors)

    def __len__(self) -> int:
        return len(self._state.doors)


def entered(world: World, door: Door, entry: AnyEntry) -> None:
    """Record an opening that the cloud decided, or fetch the entries of the door."""
    state = state_of(world)
    component = state.components[state.doors[door.id].vendor_id]
    if not isinstance(entry, PageEntry):
        device_events.gather(world, component)
    elif entry.visit is not None and entry.reason not in NO_DOOR_TRIED:
        who = visitors.who(state.visits[entry.visit])
        device_events.record_opening(world, component, entry.reason, who)


def rule_of(entry: AnyEntry) -> str:
    """Return the id of the rule that an entry's reason follows from."""
    rules = PAGE_RULES if isinstance(entry, PageEntry) else PAD_RULES
    return rules[entry.reason]
