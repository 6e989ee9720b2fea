"""A door as one stands before it: with a PIN pad, a reader, and a phone in the hand.

Invariants: whoever types a code with a `link` uses the visit's page, and the cloud
decides; whoever has none uses the PIN pad, and the door decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from fakes.doors.entry import check_extra
from fakes.vendors.exivo import events, visitors
from fakes.vendors.exivo.state import Component, State, state_of
from fakes.vendors.exivo.visitors import NO_DOOR_TRIED, PAGE_RULES, PageEntry

if TYPE_CHECKING:
    from datetime import datetime

    from fakes.doors.entry import Entry
    from fakes.doors.onlinedoor import OnlineDoor, OnlineDoorLogEntry
    from fakes.kit.fake import Door
    from fakes.kit.fake import Entry as AnyEntry
    from fakes.kit.world import World

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
        """Return what can be told about the door; no code."""
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
    """Let the cloud know what it decided, or can hear of."""
    state = state_of(world)
    component = state.components[state.doors[door.id].vendor_id]
    if not isinstance(entry, PageEntry):
        events.gather(world, component)
    elif entry.visit is not None and entry.reason not in NO_DOOR_TRIED:
        who = visitors.who(state.visits[entry.visit])
        events.tell_opening(world, component, entry.reason, who)


def rule_of(entry: AnyEntry) -> str:
    """Return the id of the rule that an entry's reason follows from."""
    rules = PAGE_RULES if isinstance(entry, PageEntry) else PAD_RULES
    return rules[entry.reason]
