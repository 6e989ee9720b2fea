"""Digital-key visits: a key in the app of a visitor's phone, for a while.

Invariants: the key opens at the doors, which are told of it; there is no link and no
code. Like any visit it is never changed, and revoked is for ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.kit.call import note
from fakes.vendors.exivo import addresses, rights, shapes, windows
from fakes.vendors.exivo.bodies import NewKeyVisit
from fakes.vendors.exivo.mails import suggest_app
from fakes.vendors.exivo.operation import does, invalid, lists, makes, shows
from fakes.vendors.exivo.state import KeyVisit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fakes.vendors.exivo.operation import Asked


def every(asked: Asked) -> Sequence[KeyVisit]:
    """List the digital-key visits."""
    return list(asked.state.key_visits.values())


def one(asked: Asked, visit_id: str) -> KeyVisit:
    """Show a digital-key visit."""
    return asked.find(asked.state.key_visits, visit_id, "digital key visit")


def create(asked: Asked) -> KeyVisit:
    """Make a digital-key visit, and send word of it."""
    body = asked.body
    windows.check(asked, body)
    addresses.check(body.form_factor, body.public_registration_id)
    visit = KeyVisit(
        id=asked.world.ids.uuid("exivo.key-visit"),
        valid_from=windows.instant(body.valid_from),
        valid_to=windows.instant(body.valid_to),
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
    rights.spread(asked.world, visit.id)
    _send_word(asked, visit)
    return visit


def revoke(asked: Asked, visit_id: str) -> None:
    """End a digital-key visit for ever."""
    visit = one(asked, visit_id)
    if visit.revoked:
        raise invalid("this digital key visit is revoked already")
    visit.revoked = True
    rights.spread(asked.world, visit.id)


def _send_word(asked: Asked, visit: KeyVisit) -> None:
    if visit.install_notification:
        to = visit.public_registration_id
        suggest_app(asked, visit.form_factor, to, visit.message or "")
    if visit.callback_uri is not None:
        addresses.call_back(asked, visit.callback_uri, {"digitalKeyVisitId": visit.id})


OPERATIONS = (
    lists("/digitalKeyVisits", "getDigitalKeyVisits", every, shapes.key_visit),
    makes(
        "/digitalKeyVisits",
        "createDigitalKeyVisit",
        create,
        shapes.key_visit,
        NewKeyVisit,
    ),
    shows(
        "/digitalKeyVisit/{digitalKeyVisitId}",
        "getDigitalKeyVisit",
        one,
        shapes.key_visit,
    ),
    does(
        "/digitalKeyVisit/{digitalKeyVisitId}/revoke", "revokeDigitalKeyVisit", revoke
    ),
)
