"""What the page shows and says, computed anew for every request.

Invariants: a revoked or past visit says without a PIN why nothing opens. Doors are
shown only to visitors who are logged in, within the time (EXV-04). Times are those of
the doors' own zone, with its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fakes.doors.lockclock import zone
from fakes.vendors.exivo import visitors
from fakes.vendors.exivo.state import state_of

if TYPE_CHECKING:
    from datetime import datetime

    from fakes.doors.onlinedoor import OnlineDoor
    from fakes.kit.world import World
    from fakes.vendors.exivo.state import Visit


# What a browser and a program get: status and word
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
SPACE = "\N{NO-BREAK SPACE}"
ASK = "If you did not expect this, ask whoever sent you the link."
HEADINGS = {
    "login": "Your access",
    "locked-out": "Too many wrong PINs",
    "early": "Not yet",
    "doors": "Your access",
    "over": "This access is over",
    "revoked": "This access was revoked",
    "no-such-link": "This link is not known",
}
LOGIN = "Type your PIN to see the doors that you can open."
UNKNOWN_TEXT = f"It may be incomplete. Copy all of it from your message. {ASK}"
REVOKED = f"No door opens with this link any more. {ASK}"
NO_PIN = "A PIN has 4 to 6 digits. Leading zeros count."
OTHER_DOOR = "That door is not part of your access. It has not opened."


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
        return HEADINGS[self.kind]


UNKNOWN = Screen("no-such-link", text=UNKNOWN_TEXT)


def locked_or_gone(world: World, visit: Visit) -> Screen | None:
    """Return the screen of a link that takes no PIN now, if it takes none."""
    site, place = _site(world), _place(world, visit)
    reason = visitors.ended(visit, world.now)
    if reason == "revoked":
        return Screen(reason, site, REVOKED)
    if reason == "over":
        return Screen(reason, site, over(visit.valid_to, place))
    until = visit.lockout.until
    if until is not None and visit.lockout.holds(world.now):
        return Screen("locked-out", site, locked_out(until, place))
    return None


def login(world: World, *, error: str = "") -> Screen:
    """Return the screen that asks for the PIN."""
    return Screen("login", _site(world), LOGIN, error)


def after_wrong_pin(world: World, visit: Visit) -> Screen:
    """Return the screen after a wrong PIN."""
    most = visit.lockout.steps[0][0]
    left = most - visit.lockout.tries % most
    return login(world, error=wrong_pin(left))


def accesses(world: World, visit: Visit, notice: str = "") -> Screen:
    """Return the screen of who is logged in."""
    site = _site(world)
    if world.now < visit.valid_from:
        text = early(visit.valid_from, _place(world, visit))
        return Screen("early", site, text, notice=notice)
    lines = tuple(_line(world, visit, each) for each in visit.components)
    text = f"For {visit.name}." if visit.name else ""
    return Screen("doors", site, text, notice=notice, doors=lines)


def notice(world: World, visit: Visit, component_id: str | None) -> str:
    """Return what came of the button of a door."""
    if component_id not in visit.components:
        return ""
    return outcome(state_of(world).door_of(str(component_id)))


def _line(world: World, visit: Visit, component_id: str) -> DoorLine:
    state = state_of(world)
    component, door = state.components[component_id], state.door_of(component_id)
    when = span(visit.valid_from, visit.valid_to, door.timezone)
    label = component.labelling or ""
    return DoorLine(component_id, door.name, label, when, door_state(door))


def _site(world: World) -> str:
    return state_of(world).site.name


def _place(world: World, visit: Visit) -> str:
    """Return the time zone in which a visit's times are shown."""
    return state_of(world).door_of(visit.components[0]).timezone


def day(at: datetime, timezone: str) -> str:
    """Return the date in words, as it is at that place."""
    local = at.astimezone(zone(timezone))
    return f"{local:%A} {local.day} {local:%B} {local.year}"


def clock(at: datetime, timezone: str) -> str:
    """Return the time of day, as it is at that place; seconds only if there are any."""
    local = at.astimezone(zone(timezone))
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def place(timezone: str) -> str:
    """Return the name of a zone as it is shown: Zurich time."""
    return timezone.rpartition("/")[2].replace("_", " ") + " time"


def moment(at: datetime, timezone: str) -> str:
    """Return day, time and place."""
    return f"{day(at, timezone)} at {clock(at, timezone)} ({place(timezone)})"


def span(start: datetime, end: datetime, timezone: str) -> str:
    """Return from when until when, naming a day once if it is the same."""
    first, last = day(start, timezone), day(end, timezone)
    begins, ends = clock(start, timezone), clock(end, timezone)
    if first == last:
        return f"{first}, {begins}{SPACE}to{SPACE}{ends} ({place(timezone)})"
    return f"{first}, {begins} to {last}, {ends} ({place(timezone)})"


def early(start: datetime, timezone: str) -> str:
    """Return that the time has not come."""
    return f"Your access begins on {moment(start, timezone)}. Until then no door opens."


def over(end: datetime, timezone: str) -> str:
    """Return that the time has passed."""
    return (
        f"It ended on {moment(end, timezone)}. No door opens with this link any more."
    )


def wrong_pin(left: int) -> str:
    """Return that the PIN was wrong, and how many tries there are."""
    tries = "1 try" if left == 1 else f"{left} tries"
    return f"This PIN is wrong. You have {tries} left."


def locked_out(until: datetime, timezone: str) -> str:
    """Return until when no PIN is taken."""
    at = clock(until, timezone)
    return f"No PIN is taken until {at} ({place(timezone)}). Then try again."


def outcome(door: OnlineDoor) -> str:
    """Return what came of a button, as far as the door has said so."""
    if not door.reachable:
        return (
            f"{door.name} does not answer. It has not opened. It may be offline: "
            "try again, or ask for help."
        )
    if door.mode == "closed":
        return f"{door.name} is kept closed at the moment. It has not opened."
    if door.bolt == "unlocked":
        return f"{door.name} is open. Go in now."
    return f"{door.name} has locked again. Press its button to open it once more."


def door_state(door: OnlineDoor) -> str:
    """Return how a door is, in two words at most."""
    if not door.reachable:
        return "Not reachable"
    if door.mode == "closed":
        return "Kept closed"
    return "Open" if door.bolt == "unlocked" else "Locked"
