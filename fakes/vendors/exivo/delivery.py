"""Who may pass which door: computed from groups, zones and profiles, then sent.

Invariants: `permit` is pure and is the cloud's view. A door knows a permit only after
it was told, and it can be told only while it is reachable; until then it goes by what
it knew. What is sent is the view of that moment, however many changes led to it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from fakes.doors.permit import Badge, Calendar, Permit
from fakes.vendors.exivo.state import (
    ALWAYS,
    NAME,
    NEVER,
    Component,
    KeyVisit,
    Medium,
    Person,
    State,
    quirk,
    state_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fakes.doors.onlinedoor import OnlineDoor
    from fakes.kit.world import World


UPDATE_DOORS = f"{NAME}.update-doors"
LEAVE = f"{NAME}.leave"
GOOD = {"active", "assigned"}  # states of a medium that opens


def permit(
    state: State, ref: str, component: Component, now: datetime
) -> Permit | None:
    """Return the permit of a person or visit for a door, in the cloud's view now."""
    visit, person = state.key_visits.get(ref), state.persons.get(ref)
    if visit is not None:
        return _of_visit(visit, component)
    return None if person is None else _of_person(state, person, component, now)


def permits(state: State, component: Component, now: datetime) -> Iterator[Permit]:
    """Yield what everybody may do at a door, as the cloud sees it now."""
    for ref in _everybody(state):
        found = permit(state, ref, component, now)
        if found is not None:
            yield found


def spread(world: World, *refs: str) -> None:
    """Have the doors told the permits of these people; of all if none is named."""
    delay = float(quirk(world, "update-seconds"))
    if delay:
        at = world.now + timedelta(seconds=delay)
        world.call_at(at, UPDATE_DOORS, refs=list(refs))
    else:
        update_doors(world, refs=refs)


def update_doors(world: World, *, refs: Iterable[str]) -> dict[str, Any]:
    """Send them to every door that is reachable."""
    state = state_of(world)
    in_reach = [c for c in state.components.values() if _door(state, c).reachable]
    for component in in_reach:
        instruct(world, component, refs)
    return {"doors": len(in_reach)}


def instruct(world: World, component: Component, refs: Iterable[str] = ()) -> None:
    """Send one door the permits of these people; of all if none is named."""
    state = state_of(world)
    door = _door(state, component)
    keeps = bool(quirk(world, "special-day-keeps-weekday"))
    door.calendar = Calendar(dict(state.special_days), keeps)
    named = list(refs)
    for ref in named or {*door.permits, *_everybody(state)}:
        door.learn(permit(state, ref, component, world.now), ref)


def watch_exit(world: World, person: Person) -> None:
    """Schedule the end of the access of a person at the exit date."""
    if person.exit_date is not None:
        world.call_at(person.exit_date, LEAVE, person=person.id)
        leave(world, person=person.id)


def leave(world: World, *, person: str) -> dict[str, Any] | None:
    """Revoke the access of a person whose exit date has come."""
    found = state_of(world).persons.get(person)
    if found is None or found.exit_date is None or world.now < found.exit_date:
        return None
    found.revoked = True
    spread(world, person)
    return {"person": person}


def _of_visit(visit: KeyVisit, component: Component) -> Permit | None:
    if visit.revoked or component.id not in visit.components:
        return None
    key = (Badge(visit.id),)
    start, end = visit.valid_from, visit.valid_to
    return Permit(visit.id, None, key, start, end, always=True)


def _of_person(
    state: State, person: Person, component: Component, now: datetime
) -> Permit | None:
    group = state.groups.get(person.access_group_id or "")
    if person.revoked or group is None:
        return None
    ways = {group.zones.get(zone, NEVER) for zone in component.zones} - {NEVER}
    if not ways:
        return None
    left = person.exit_date is not None and person.exit_date <= now  # and came back
    return Permit(
        ref=person.id,
        pin=person.pin_code,
        badges=tuple(_badges(state.media_of(person.id))),
        start=person.entry_date,
        end=None if left else person.exit_date,
        always=ALWAYS in ways,
        hours=tuple(
            hours
            for way in sorted(ways - {ALWAYS})
            for hours in state.profiles[way].ranges
        ),
    )


def _badges(media: Iterable[Medium]) -> Iterator[Badge]:
    for medium in media:
        if medium.state in GOOD:
            yield Badge(medium.cid or medium.uid or medium.id, medium.expires_at)


def _everybody(state: State) -> Iterator[str]:
    yield from state.persons
    yield from state.key_visits


def _door(state: State, component: Component) -> OnlineDoor:
    return state.doors[component.door_id]
