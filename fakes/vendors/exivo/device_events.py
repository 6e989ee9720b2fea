"""What happens at the doors, as the cloud records and reports it.

Invariants: the access log and the site's receiver get the same facts. A message that
did not arrive is noticed only after a while. The PIN pad's own entries come in while
the door is reachable.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from fakes.vendors.exivo.state import NAME, Component, Fact, State, quirk, state_of
from fakes.vendors.exivo.webhooks import send_event

if TYPE_CHECKING:
    from fakes.doors.onlinedoor import OnlineDoor, OnlineDoorLogEntry
    from fakes.kit.world import World


RELOCK = f"{NAME}.relock"
UNANSWERED = f"{NAME}.unanswered"
KEPT_FACTS = 5000
PERMITTED = "accessPermitted"
UNLOCKED = "componentUnlocked"
DENIED = "accessDenied"
NOT_READY = "componentNotReady"
ALARMS = {
    "sabotage": "sabotageAlarm",
    "short-circuit": "shortCircuitOfInputAlarm",
    "interruption": "interruptionOfInputAlarm",
}
Who = dict[str, Any]  # of a fact's `data`: person, medium, visit, apiIdentifier ...


def record_opening(world: World, component: Component, reason: str, who: Who) -> None:
    """Record the result of an opening from afar."""
    door = state_of(world).doors[component.door_id]
    if reason == "offline":
        wait = timedelta(seconds=float(quirk(world, "unanswered-after-seconds")))
        world.call_at(world.now + wait, UNANSWERED, component=component.id, who=who)
    elif reason == "opened":
        if "apiIdentifier" not in who:
            record(world, component, PERMITTED, who)
        record(world, component, UNLOCKED, who)
        watch_bolt(world, door)
    else:
        record(world, component, DENIED, who)


def gather(world: World, component: Component) -> None:
    """Fetch what was entered at a door, if it is reachable."""
    state = state_of(world)
    door = state.doors[component.door_id]
    watch_bolt(world, door)
    if not door.reachable:
        return
    for entry in door.drain_events():
        opened = entry.reason == "opened"
        for name in (PERMITTED, UNLOCKED) if opened else (DENIED,):
            record(world, component, name, _who(state, entry), entry.at)


def watch_bolt(world: World, door: OnlineDoor) -> None:
    """Schedule the end of an unlock pulse."""
    if door.relocks_at is not None:
        world.call_at(door.relocks_at, RELOCK, door=door.id)


def relock(world: World, *, door: str) -> None:
    """Lock a door whose pulse is over."""
    found = state_of(world).doors.get(door)
    if found is not None:
        found.relock(world.now)


def unanswered(world: World, *, component: str, who: Who) -> dict[str, Any] | None:
    """Record that a door never answered, unless it was taken away meanwhile."""
    found = state_of(world).components.get(component)
    if found is None:
        return None
    record(world, found, NOT_READY, who)
    return {"component": component}


def record(
    world: World, component: Component, name: str, who: Who, at: datetime | None = None
) -> None:
    """Add a fact to the access log, and send it to the site's receiver."""
    state, at = state_of(world), at or world.now
    door = {
        "id": component.id,
        "identifier": component.identifier,
        "labelling": component.labelling,
        "templateIdentifier": component.template,
    }
    person = who.get("person", {}).get("id")
    data = {"component": door, **who}
    fact_id = world.ids.uuid("exivo.fact")
    state.facts.append(Fact(fact_id, name, component.id, person, at, data))
    if len(state.facts) > 2 * KEPT_FACTS:
        del state.facts[:-KEPT_FACTS]
    send_event(world, name, at, {"componentId": component.id, **who})


def _who(state: State, entry: OnlineDoorLogEntry) -> Who:
    who: Who = {}
    person = state.persons.get(entry.ref or "")
    if person is not None:
        names = {"firstName": person.first_name, "lastName": person.last_name}
        who["person"] = {"id": person.id, **names}
    if entry.ref in state.key_visits:
        visit = state.key_visits[entry.ref]
        who["digitalKeyVisit"] = {"id": visit.id, "name": visit.name}
    elif entry.medium is not None:
        who["medium"] = _medium(state, entry.medium)
    return who


def _medium(state: State, number: str) -> dict[str, Any]:
    """Return a medium by what the reader read of it, known or not."""
    for medium in (*state.media.values(), *state.digital_keys.values()):
        if number in {medium.cid, medium.uid, medium.id}:
            facts = {"cid": medium.cid, "uid": medium.uid}
            return {"id": medium.id, "formFactor": medium.form_factor, **facts}
    return {"cid": number}
