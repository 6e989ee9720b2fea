"""Visits by link and code, and digital-key visits: some doors for a while.

Invariants: the caller chooses the code, and it goes out with no message (EXV-03). A
visit is never changed and never deleted; a revoked one stays revoked (EXV-06). Nothing
is looked up before a visit is made, so the same order twice makes two. A digital-key
visit has no link and no code: its key opens at the doors, which are told of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.doors.lockout import Lockout
from fakes.kit.dispatch import note
from fakes.kit.ids import MIXED, derive, spell
from fakes.vendors.exivo import delivery, validation, webhooks
from fakes.vendors.exivo.errors import Refused, invalid
from fakes.vendors.exivo.notices import invite, suggest_app
from fakes.vendors.exivo.operation import does, lists, makes, shows
from fakes.vendors.exivo.schemas import responses
from fakes.vendors.exivo.schemas.requests import NewKeyVisit, NewVisit
from fakes.vendors.exivo.state import NAME, KeyVisit, Visit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fakes.vendors.exivo.operation import Asked


TOKEN_SIZE = 32  # letters and digits: 190 bits


def list_visits(asked: Asked) -> Sequence[Visit]:
    """List the visits, those that are over or revoked too."""
    return list(asked.state.visits.values())


def show_visit(asked: Asked, visit_id: str) -> Visit:
    """Show a visit."""
    found = asked.state.visits.get(visit_id)
    if found is None and asked.reads:
        raise Refused(int(asked.quirk("unknown-visit-status")))
    return asked.find(asked.state.visits, visit_id, "visit")


def create_visit(asked: Asked) -> Visit:
    """Make a visit, and send its link to whom it names."""
    body = asked.body
    validation.check_window(asked, body)
    if asked.quirk("visit-without-contact") == "refused":
        _check_contact(asked)
    visit = Visit(
        id=asked.world.ids.uuid("exivo.visit"),
        token=_token(asked),
        code=body.code,
        valid_from=validation.instant(body.valid_from),
        valid_to=validation.instant(body.valid_to),
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


def revoke_visit(asked: Asked, visit_id: str) -> None:
    """End a visit for ever."""
    visit = show_visit(asked, visit_id)
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


VISIT_OPERATIONS = (
    lists("/visit", "getVisits", list_visits, responses.visit),
    makes("/visit", "delegateUnlockDoor", create_visit, responses.visit, NewVisit),
    shows("/visit/{visitId}", "getVisit", show_visit, responses.visit),
    does("/visit/{visitId}/revoke", "revokeUnlockDoorDelegation", revoke_visit),
)


def list_key_visits(asked: Asked) -> Sequence[KeyVisit]:
    """List the digital-key visits."""
    return list(asked.state.key_visits.values())


def show_key_visit(asked: Asked, visit_id: str) -> KeyVisit:
    """Show a digital-key visit."""
    return asked.find(asked.state.key_visits, visit_id, "digital key visit")


def create_key_visit(asked: Asked) -> KeyVisit:
    """Make a digital-key visit, and send word of it."""
    body = asked.body
    validation.check_window(asked, body)
    validation.check_address(body.form_factor, body.public_registration_id)
    visit = KeyVisit(
        id=asked.world.ids.uuid("exivo.key-visit"),
        valid_from=validation.instant(body.valid_from),
        valid_to=validation.instant(body.valid_to),
        components=list(dict.fromkeys(body.components)),
        form_factor=body.form_factor,
        public_registration_id=body.public_registration_id,
        mobile_app=body.mobile_app.model_dump(
            include={"id", "name"}, exclude_none=True
        ),
        install_notification=body.install_notification,
        name=body.name,
        message=body.message,
        callback_uri=body.callback_uri,
    )
    asked.state.key_visits[visit.id] = visit
    note(visit.id)
    delivery.spread(asked.world, visit.id)
    _send_word(asked, visit)
    return visit


def revoke_key_visit(asked: Asked, visit_id: str) -> None:
    """End a digital-key visit for ever."""
    visit = show_key_visit(asked, visit_id)
    if visit.revoked:
        raise invalid("this digital key visit is revoked already")
    visit.revoked = True
    delivery.spread(asked.world, visit.id)


def _send_word(asked: Asked, visit: KeyVisit) -> None:
    if visit.install_notification:
        to = visit.public_registration_id
        suggest_app(asked, visit.form_factor, to, visit.message or "")
    if visit.callback_uri is not None:
        webhooks.call_back(asked, visit.callback_uri, {"digitalKeyVisitId": visit.id})


KEY_VISIT_OPERATIONS = (
    lists(
        "/digitalKeyVisits", "getDigitalKeyVisits", list_key_visits, responses.key_visit
    ),
    makes(
        "/digitalKeyVisits",
        "createDigitalKeyVisit",
        create_key_visit,
        responses.key_visit,
        NewKeyVisit,
    ),
    shows(
        "/digitalKeyVisit/{digitalKeyVisitId}",
        "getDigitalKeyVisit",
        show_key_visit,
        responses.key_visit,
    ),
    does(
        "/digitalKeyVisit/{digitalKeyVisitId}/revoke",
        "revokeDigitalKeyVisit",
        revoke_key_visit,
    ),
)
