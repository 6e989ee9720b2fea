"""What the page shows, worked out anew for every request.

Invariants: revoked and over show without a PIN why nothing opens. Doors are shown to
who is logged in, within the time, and to nobody else (EXV-04).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fakes.vendors.exivo import visitors
from fakes.vendors.exivo.page import words
from fakes.vendors.exivo.state import state_of

if TYPE_CHECKING:
    from fakes.kit.world import World
    from fakes.vendors.exivo.state import Visit

# What a browser is told, and a program: status and word
REFUSALS = {
    "no-such-link": (404, "noSuchLink"),
    "no-session": (401, "login"),
    "wrong-code": (401, "wrongCode"),
    "locked-out": (429, "lockedOut"),
    "other-door": (403, "notInVisit"),
    "early": (409, "notYetValid"),
    "over": (410, "expired"),
    "revoked": (410, "revoked"),
}
GONE = ("over", "revoked")


@dataclass(frozen=True)
class DoorLine:
    """A door that can be opened here."""

    id: str
    name: str
    label: str
    when: str
    state: str


@dataclass(frozen=True)
class Screen:
    """One state of the page; `kind` is a key of `words.HEADINGS`."""

    kind: str
    site: str = ""
    text: str = ""
    error: str = ""  # about the PIN that was typed
    notice: str = ""  # what just happened
    doors: tuple[DoorLine, ...] = ()

    @property
    def heading(self) -> str:
        """The page's title."""
        return words.HEADINGS[self.kind]


UNKNOWN = Screen("no-such-link", text=words.UNKNOWN)


def locked_or_gone(world: World, visit: Visit) -> Screen | None:
    """Return the screen of a link that takes no PIN now, if it takes none."""
    site, place = _site(world), _place(world, visit)
    reason = visitors.ended(visit, world.now)
    if reason == "revoked":
        return Screen(reason, site, words.REVOKED)
    if reason == "over":
        return Screen(reason, site, words.over(visit.valid_to, place))
    until = visit.lockout.until
    if until is not None and visit.lockout.holds(world.now):
        return Screen("locked-out", site, words.locked_out(until, place))
    return None


def login(world: World, *, error: str = "") -> Screen:
    """Return the screen that asks for the PIN."""
    return Screen("login", _site(world), words.LOGIN, error)


def after_wrong_pin(world: World, visit: Visit) -> Screen:
    """Return the screen after a wrong PIN."""
    most = visit.lockout.steps[0][0]
    left = most - visit.lockout.tries % most
    return login(world, error=words.wrong_pin(left))


def accesses(world: World, visit: Visit, notice: str = "") -> Screen:
    """Return the screen of who is logged in."""
    site = _site(world)
    if world.now < visit.valid_from:
        text = words.early(visit.valid_from, _place(world, visit))
        return Screen("early", site, text, notice=notice)
    lines = tuple(_line(world, visit, each) for each in visit.components)
    text = f"For {visit.name}." if visit.name else ""
    return Screen("doors", site, text, notice=notice, doors=lines)


def notice(world: World, visit: Visit, component_id: str | None) -> str:
    """Return what came of the button of a door."""
    if component_id not in visit.components:
        return ""
    return words.outcome(state_of(world).door_of(str(component_id)))


def _line(world: World, visit: Visit, component_id: str) -> DoorLine:
    state = state_of(world)
    component, door = state.components[component_id], state.door_of(component_id)
    when = words.span(visit.valid_from, visit.valid_to, door.timezone)
    label = component.labelling or ""
    return DoorLine(component_id, door.name, label, when, words.state(door))


def _site(world: World) -> str:
    return state_of(world).site.name


def _place(world: World, visit: Visit) -> str:
    """Return the time zone in which a visit's times are told."""
    return state_of(world).door_of(visit.components[0]).timezone
