"""What the page says, in plain words: times, states, what came of a button.

Invariants: times are those of the doors' own place, with its name. Why something does
not work is said, and what to do about it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.doors.lockclock import zone

if TYPE_CHECKING:
    from datetime import datetime

    from fakes.doors.onlinedoor import OnlineDoor

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
UNKNOWN = f"It may be incomplete. Copy all of it from your message. {ASK}"
REVOKED = f"No door opens with this link any more. {ASK}"
NO_PIN = "A PIN has 4 to 6 digits. Leading zeros count."
OTHER_DOOR = "That door is not part of your access. It has not opened."


def day(at: datetime, timezone: str) -> str:
    """Return the date in words, as it is at that place."""
    local = at.astimezone(zone(timezone))
    return f"{local:%A} {local.day} {local:%B} {local.year}"


def clock(at: datetime, timezone: str) -> str:
    """Return the time of day, as it is at that place; seconds only if there are any."""
    local = at.astimezone(zone(timezone))
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def place(timezone: str) -> str:
    """Return by whose clocks a time is told: Zurich time."""
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


def state(door: OnlineDoor) -> str:
    """Return how a door is, in two words at most."""
    if not door.reachable:
        return "Not reachable"
    if door.mode == "closed":
        return "Kept closed"
    return "Open" if door.bolt == "unlocked" else "Locked"
