"""What a visitor with a link and a code may do: the whole decision, in one order.

Invariants: a revoked or past visit says so at once, with or without the code. Then the
code is checked, and wrong ones are counted. Then the time, the door, and last whether
the door answers. Every opening is decided anew; an earlier one counts for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from fakes.doors.entry import Entry
from fakes.vendors.exivo.state import Component, State, Visit, quirk

if TYPE_CHECKING:
    from fakes.kit.world import World


# The reasons of the visit's page, and the rule that each follows from
PAGE_RULES = {
    "opened": "EXV-04",
    "no-such-link": "EXV-04",
    "revoked": "EXV-06",
    "over": "EXV-06",
    "locked-out": "EXV-04",
    "wrong-code": "EXV-04",
    "early": "EXV-04",
    "other-door": "EXV-04",
    "offline": "EXV-03",  # the message was sent, the door never had it
    "closed": "EXV-03",
}
NO_DOOR_TRIED = {"no-such-link", "locked-out", "wrong-code"}
MOST_SESSIONS = 20


@dataclass(frozen=True)
class PageEntry(Entry):
    """The result of an opening by a visit's page."""

    visit: str | None

    def details(self) -> dict[str, Any]:
        """Return the visit that the link belongs to."""
        return {"visit": self.visit}


def ended(visit: Visit, now: datetime) -> str | None:
    """Return why a visit opens nothing any more, if it does not."""
    if visit.revoked:
        return "revoked"
    return "over" if now >= visit.valid_to else None


def log_in(visit: Visit, code: str, now: datetime) -> str | None:
    """Return why the code does not let in, if it does not; wrong ones are counted."""
    reason = _shut_out(visit, code, now)
    if reason == "wrong-code":
        visit.lockout.count(now)
    if reason is None:
        visit.lockout.forgive()
    return reason


def preview(
    state: State, visit: Visit, component: Component | None, now: datetime
) -> str:
    """Return what an opening by a logged-in visitor would lead to; nothing changes."""
    reason = ended(visit, now) or ("early" if now < visit.valid_from else None)
    if reason is not None:
        return reason
    if component is None or component.id not in visit.components:
        return "other-door"
    return state.doors[component.door_id].answer_from_afar()


def go_in(state: State, visit: Visit, component: Component, now: datetime) -> str:
    """Open a door for a logged-in visitor, if permitted; return the reason."""
    reason = preview(state, visit, component, now)
    if reason == "opened":
        state.doors[component.door_id].open_from_afar(visit.id, now)
    return reason


def probe(
    state: State, component: Component, link: str, code: str, at: datetime
) -> PageEntry:
    """Return what link and code would open at that instant; nothing changes."""
    visit = by_link(state, link)
    if visit is None:
        return _entry("no-such-link", None, at)
    reason = _shut_out(visit, code, at) or preview(state, visit, component, at)
    return _entry(reason, visit, at)


def enter(
    state: State, component: Component, link: str, code: str, now: datetime
) -> PageEntry:
    """Open the link, type the code and press the button of a door, all at once."""
    visit = by_link(state, link)
    if visit is None:
        return _entry("no-such-link", None, now)
    reason = log_in(visit, code, now) or go_in(state, visit, component, now)
    return _entry(reason, visit, now)


def by_link(state: State, link: str) -> Visit | None:
    """Return the visit of a link, or of its token alone."""
    visit_id = state.tokens.get(link.rstrip("/").rpartition("/")[2])
    return None if visit_id is None else state.visits[visit_id]


def who(visit: Visit) -> dict[str, Any]:
    """Return a visitor as the access log shows one; no source shows it."""
    return {"visit": {"id": visit.id, "name": visit.name}}


def start_session(world: World, visit: Visit) -> str:
    """Return the key of a new session; the oldest one goes if there are too many."""
    minutes = float(quirk(world, "session-minutes"))
    sessions = {
        key: until for key, until in visit.sessions.items() if until > world.now
    }
    for key in list(sessions)[: max(0, len(sessions) - MOST_SESSIONS + 1)]:
        del sessions[key]
    key = world.ids.word("exivo.session", 32)
    visit.sessions = sessions | {key: world.now + timedelta(minutes=minutes)}
    return key


def in_session(visit: Visit, key: str | None, now: datetime) -> bool:
    """Whether this session logged in with the right code, not too long ago."""
    until = visit.sessions.get(key or "")
    return until is not None and now < until


def _shut_out(visit: Visit, code: str, now: datetime) -> str | None:
    reason = ended(visit, now)
    if reason is not None:
        return reason
    if visit.lockout.holds(now):
        return "locked-out"
    return None if code == visit.code else "wrong-code"


def _entry(reason: str, visit: Visit | None, at: datetime) -> PageEntry:
    opened = reason == "opened"
    return PageEntry(opened, reason, at, visit.id if visit else None)
