"""Visits: a link and a code that open some doors for a while.

Invariants: the caller chooses the code, and it goes out with no message (EXV-03). A
visit is never changed and never deleted; revoked is for ever (EXV-06). Nothing is
looked up before a visit is made, so the same order twice makes two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.doors.lockout import Lockout
from fakes.kit.call import note
from fakes.kit.ids import MIXED, derive, spell
from fakes.vendors.exivo import shapes, windows
from fakes.vendors.exivo.bodies import NewVisit
from fakes.vendors.exivo.mails import invite
from fakes.vendors.exivo.operation import Refused, does, invalid, lists, makes, shows
from fakes.vendors.exivo.state import NAME, Visit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fakes.vendors.exivo.operation import Asked

TOKEN_SIZE = 32  # letters and digits: 190 bits


def every(asked: Asked) -> Sequence[Visit]:
    """List the visits, those that are over or revoked too."""
    return list(asked.state.visits.values())


def one(asked: Asked, visit_id: str) -> Visit:
    """Show a visit."""
    found = asked.state.visits.get(visit_id)
    if found is None and asked.reads:
        raise Refused(int(asked.quirk("unknown-visit-status")))
    return asked.find(asked.state.visits, visit_id, "visit")


def create(asked: Asked) -> Visit:
    """Make a visit, and send its link to whom it names."""
    body = asked.body
    windows.check(asked, body)
    if asked.quirk("visit-without-contact") == "refused":
        _check_contact(asked)
    visit = Visit(
        id=asked.world.ids.uuid("exivo.visit"),
        token=_token(asked),
        code=body.code,
        valid_from=windows.instant(body.valid_from),
        valid_to=windows.instant(body.valid_to),
        components=list(dict.fromkeys(body.components)),
        lockout=_lockout(asked),
        made_at=asked.world.now,
        **{
            name: getattr(body, name) for name in ("name", "message", "email", "sms_nr")
        },
    )
    asked.state.visits[visit.id] = visit
    asked.state.tokens[visit.token] = visit.id
    asked.world.register_credential(NAME, visit.token)
    note(visit.id)
    invite(asked, visit)
    return visit


def revoke(asked: Asked, visit_id: str) -> None:
    """End a visit for ever."""
    visit = one(asked, visit_id)
    if visit.revoked:
        status = int(asked.quirk("revoke-twice-status"))
        raise Refused(status, "this visit is revoked already")
    visit.revoked = True
    visit.sessions.clear()


def _token(asked: Asked) -> str:
    """Return a token that no other world has, whatever their seeds."""
    drawn = asked.world.ids.draw("exivo.link").hex()
    own = derive(asked.world.key(NAME, "link"), drawn)
    return spell(own, TOKEN_SIZE, MIXED)


def _check_contact(asked: Asked) -> None:
    if not (asked.body.email or asked.body.sms_nr):
        raise invalid("email or smsNr is needed")


def _lockout(asked: Asked) -> Lockout:
    tries, seconds = (asked.quirk(f"lockout-{name}") for name in ("tries", "seconds"))
    return Lockout(((int(tries), float(seconds)),))


OPERATIONS = (
    lists("/visit", "getVisits", every, shapes.visit),
    makes("/visit", "delegateUnlockDoor", create, shapes.visit, NewVisit),
    shows("/visit/{visitId}", "getVisit", one, shapes.visit),
    does("/visit/{visitId}/revoke", "revokeUnlockDoorDelegation", revoke),
)
