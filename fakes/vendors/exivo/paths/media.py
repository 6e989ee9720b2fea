"""Media and digital keys: what a person holds to a reader, alike but for the making.

Invariants: one table says which state leads where. A medium is somebody's or nobody's;
what is told to the doors is that somebody's permit has changed.

    assignable   assign: active     delete: gone
    active       block: blocked     unassign: assignable
    blocked      activate: active   unassign: assignable
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.kit.call import note
from fakes.vendors.exivo import addresses, rights, shapes, windows
from fakes.vendors.exivo.bodies import Expiry, NewDigitalKey, NewMedium
from fakes.vendors.exivo.mails import suggest_app
from fakes.vendors.exivo.operation import does, drops, invalid, lists, makes, may, shows
from fakes.vendors.exivo.state import Medium

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from fakes.vendors.exivo.operation import Asked

GIVE = "/person/{personId}/assign"
TAKE = "/person/{personId}/unassign"
# From which state, and to which
STEPS = {
    "assign": ("assignable", "active"),
    "activate": ("blocked", "active"),
    "block": ("active", "blocked"),
}


class Drawer:
    """The operations on one sort of media; `store` names it in the state."""

    def __init__(self, store: str, what: str) -> None:
        self._store = store
        self._what = what

    def every(self, asked: Asked) -> Sequence[Medium]:
        """List them."""
        return list(self._rows(asked).values())

    def one(self, asked: Asked, medium_id: str) -> Medium:
        """Show one."""
        return asked.find(self._rows(asked), medium_id, self._what)

    def delete(self, asked: Asked, medium_id: str) -> None:
        """Forget one, once it was given back."""
        medium = self.one(asked, medium_id)
        if medium.person_id is not None:
            if asked.quirk("unregister-assigned") == "refused":
                raise invalid(f"this {self._what} is assigned to a person")
            _give_back(asked, medium)
        del self._rows(asked)[medium.id]

    def activate(self, asked: Asked, medium_id: str) -> None:
        """Let a blocked one open again."""
        medium = self.one(asked, medium_id)
        _step(medium, "activate")
        self._renew(asked, medium)

    def block(self, asked: Asked, medium_id: str) -> None:
        """Let one open nothing for now."""
        medium = self.one(asked, medium_id)
        _step(medium, "block")
        rights.spread(asked.world, medium.person_id or "")

    def assign(self, asked: Asked, person_id: str, medium_id: str) -> None:
        """Give one to a person."""
        person = asked.find(asked.state.persons, person_id, "person")
        medium = self.one(asked, medium_id)
        _step(medium, "assign")
        if asked.quirk("second-medium") == "blocks-the-first":
            for other in asked.state.media_of(person.id):
                other.state = "blocked"
        medium.person_id = person.id
        self._renew(asked, medium)

    def unassign(self, asked: Asked, person_id: str, medium_id: str) -> None:
        """Take one from a person."""
        person = asked.find(asked.state.persons, person_id, "person")
        medium = self.one(asked, medium_id)
        if medium.person_id != person.id:
            raise invalid(f"this {self._what} is not this person's")
        _give_back(asked, medium)

    def keep(self, asked: Asked, medium: Medium) -> Medium:
        """Keep a new one."""
        self._rows(asked)[medium.id] = medium
        note(medium.id)
        return medium

    def _rows(self, asked: Asked) -> dict[str, Medium]:
        rows: dict[str, Medium] = getattr(asked.state, self._store)
        return rows

    def _renew(self, asked: Asked, medium: Medium) -> None:
        """Take over until when it is good, and tell the doors."""
        at: datetime | None = asked.body.expire_date if asked.body else None
        windows.check_offset(asked, at)
        medium.expires_at = None if at is None else windows.instant(at)
        rights.spread(asked.world, medium.person_id or "")


MEDIA = Drawer("media", "medium")
KEYS = Drawer("digital_keys", "digital key")


def register_medium(asked: Asked) -> Medium:
    """Register a medium by the number of its card."""
    body = asked.body
    if (body.cid is None) == (body.uid is None):
        raise invalid("give either cid or uid")
    numbers = ({each.cid, each.uid} for each in asked.state.media.values())
    if any((body.cid or body.uid) in taken for taken in numbers):
        raise invalid("this medium is registered already")
    new_id = asked.world.ids.uuid("exivo.medium")
    return MEDIA.keep(asked, Medium(new_id, body.form_factor, body.cid, body.uid))


def register_digital_key(asked: Asked) -> Medium:
    """Register a digital key, and send word of it to its phone or mailbox."""
    body = asked.body
    addresses.check(body.form_factor, body.public_registration_id)
    key = Medium(
        id=asked.world.ids.uuid("exivo.digital-key"),
        form_factor=body.form_factor,
        cid=asked.world.ids.hex("exivo.cid", 14),
        public_registration_id=body.public_registration_id,
        mobile_app_id=body.mobile_app_id,
    )
    if body.install_notification:
        suggest_app(asked, body.form_factor, body.public_registration_id)
        if body.form_factor == "ma-custom" and body.callback_uri is not None:
            addresses.call_back(asked, body.callback_uri, {"digitalKeyId": key.id})
    return KEYS.keep(asked, key)


def _step(medium: Medium, what: str) -> None:
    before, after = STEPS[what]
    if medium.state != before:
        raise invalid(f"the state must be {before}, it is {medium.state}")
    medium.state = after


def _give_back(asked: Asked, medium: Medium) -> None:
    person_id, medium.person_id = medium.person_id, None
    medium.state = "assignable"
    rights.spread(asked.world, person_id or "")


OPERATIONS = (
    lists("/medium", "getMedia", MEDIA.every, shapes.medium),
    makes("/medium", "registerMedium", register_medium, shapes.medium, NewMedium),
    shows("/medium/{mediumId}", "getMedium", MEDIA.one, shapes.medium),
    drops("/medium/{mediumId}", "unregisterMedium", MEDIA.delete),
    may("/medium/{mediumId}/activate", "activateMedium", MEDIA.activate, Expiry),
    does("/medium/{mediumId}/block", "blockMedium", MEDIA.block),
    may(f"{GIVE}/medium/{{mediumId}}", "assignMedium", MEDIA.assign, Expiry),
    does(f"{TAKE}/medium/{{mediumId}}", "unassignMedium", MEDIA.unassign),
    lists("/digitalKey", "getDigitalKeys", KEYS.every, shapes.digital_key),
    makes(
        "/digitalKey",
        "registerDigitalKey",
        register_digital_key,
        shapes.digital_key,
        NewDigitalKey,
    ),
    shows("/digitalKey/{mediumId}", "getDigitalKey", KEYS.one, shapes.digital_key),
    drops("/digitalKey/{mediumId}", "unregisterDigitalKey", KEYS.delete),
    may("/digitalKey/{mediumId}/activate", "activateDigitalKey", KEYS.activate, Expiry),
    does("/digitalKey/{mediumId}/block", "blockDigitalKey", KEYS.block),
    may(f"{GIVE}/digitalKey/{{mediumId}}", "assignDigitalKey", KEYS.assign, Expiry),
    does(f"{TAKE}/digitalKey/{{mediumId}}", "unassignDigitalKey", KEYS.unassign),
)
