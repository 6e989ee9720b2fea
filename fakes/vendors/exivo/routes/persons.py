"""Persons with the rights of one access group; their media and digital keys.

Invariants: every change of somebody's rights is sent to the doors. Access ends by
itself at the exit date, and can be given back after it. One table says which state of a
medium leads where:

    assignable   assign: active     delete: gone
    active       block: blocked     unassign: assignable
    blocked      activate: active   unassign: assignable
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fakes.kit.dispatch import note
from fakes.vendors.exivo import delivery, validation, webhooks
from fakes.vendors.exivo.errors import invalid
from fakes.vendors.exivo.notices import suggest_app
from fakes.vendors.exivo.operation import (
    Operation,
    does,
    drops,
    lists,
    makes,
    may,
    shows,
)
from fakes.vendors.exivo.schemas import responses
from fakes.vendors.exivo.schemas.requests import (
    Expiry,
    NewDigitalKey,
    NewMedium,
    NewPerson,
    PersonChange,
    Pin,
)
from fakes.vendors.exivo.state import Medium, Person

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from fakes.vendors.exivo.operation import Asked


FEWER_LANGUAGES = {"de", "en", "fr", "it", "nb", "es"}
GIVE = "/person/{personId}/assign"
TAKE = "/person/{personId}/unassign"
# From which state, and to which
STEPS = {
    "assign": ("assignable", "active"),
    "activate": ("blocked", "active"),
    "block": ("active", "blocked"),
}


def list_persons(asked: Asked) -> Sequence[Person]:
    """List the persons."""
    return list(asked.state.persons.values())


def show_person(asked: Asked, person_id: str) -> Person:
    """Show a person."""
    return asked.find(asked.state.persons, person_id, "person")


def create(asked: Asked) -> Person:
    """Make a person, who may not go anywhere yet."""
    person = Person(id=asked.world.ids.uuid("exivo.person"), **_fields(asked))
    asked.state.persons[person.id] = person
    note(person.id)
    delivery.watch_exit(asked.world, person)
    return person


def change(asked: Asked, person_id: str) -> Person:
    """Change the fields that are given, and no others."""
    person, fields = show_person(asked, person_id), _fields(asked)
    few = asked.quirk("change-languages") == "six"
    if few and fields.get("language", "en") not in FEWER_LANGUAGES:
        raise invalid(f"language must be one of {', '.join(sorted(FEWER_LANGUAGES))}")
    for name, value in fields.items():
        setattr(person, name, value)
    delivery.watch_exit(asked.world, person)
    delivery.spread(asked.world, person.id)
    return person


def delete(asked: Asked, person_id: str) -> None:
    """Delete a person, whose media are assignable again."""
    person = show_person(asked, person_id)
    for medium in asked.state.media_of(person.id):
        medium.person_id, medium.state = None, "assignable"
    del asked.state.persons[person.id]
    delivery.spread(asked.world, person.id)


def revoke(asked: Asked, person_id: str) -> None:
    """Take a person's access to all doors."""
    person = show_person(asked, person_id)
    if person.revoked:
        raise invalid("this person is revoked already")
    person.revoked = True
    delivery.spread(asked.world, person.id)


def unrevoke(asked: Asked, person_id: str) -> None:
    """Give a person's access back, even after the exit date."""
    person = show_person(asked, person_id)
    if not person.revoked:
        raise invalid("this person is not revoked")
    person.revoked = False
    delivery.spread(asked.world, person.id)


def set_pin(asked: Asked, person_id: str) -> Person:
    """Set the PIN for the PIN pads."""
    return _change_pin(asked, person_id, asked.body.pin_code)


def reset_pin(asked: Asked, person_id: str) -> Person:
    """Take the PIN away."""
    return _change_pin(asked, person_id, None)


def join(asked: Asked, person_id: str, group_id: str) -> None:
    """Put a person into a group, and so out of the one before."""
    person = show_person(asked, person_id)
    group = asked.find(asked.state.groups, group_id, "access group")
    if person.access_group_id == group.id:
        raise invalid("this person is in this access group already")
    person.access_group_id = group.id
    delivery.spread(asked.world, person.id)


def leave(asked: Asked, person_id: str) -> None:
    """Take a person out of the group."""
    person = show_person(asked, person_id)
    if person.access_group_id is None:
        raise invalid("this person is in no access group")
    person.access_group_id = None
    delivery.spread(asked.world, person.id)


def _change_pin(asked: Asked, person_id: str, pin: str | None) -> Person:
    person = show_person(asked, person_id)
    person.pin_code = pin
    delivery.spread(asked.world, person.id)
    return person


def _fields(asked: Asked) -> dict[str, Any]:
    """Return the fields that were given; instants as they are stored."""
    names = asked.body.model_fields_set & set(type(asked.body).model_fields)
    fields = {name: getattr(asked.body, name) for name in names}
    for name in names & {"entry_date", "exit_date"}:
        validation.check_offset(asked, fields[name])
        fields[name] = fields[name] and validation.instant(fields[name])
    return fields


PERSON_OPERATIONS = (
    lists("/person", "getPersons", list_persons, responses.person),
    makes("/person", "addPerson", create, responses.person, NewPerson),
    shows("/person/{personId}", "getPerson", show_person, responses.person),
    makes(
        "/person/{personId}", "changePersonInfo", change, responses.person, PersonChange
    ),
    drops("/person/{personId}", "deletePerson", delete),
    does("/person/{personId}/revoke", "revokeAccess", revoke),
    does("/person/{personId}/unrevoke", "unrevokeAccess", unrevoke),
    makes("/person/{personId}/pincode", "setPinCode", set_pin, responses.person, Pin),
    Operation(
        "DELETE",
        "/person/{personId}/pincode",
        "resetPinCode",
        reset_pin,
        responses.person,
    ),
    does(
        "/person/{personId}/assign/accessgroup/{accessGroupId}",
        "assignAccessGroup",
        join,
    ),
    does("/person/{personId}/unassign/accessgroup", "unassignAccessGroup", leave),
)


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
        delivery.spread(asked.world, medium.person_id or "")

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
        validation.check_offset(asked, at)
        medium.expires_at = None if at is None else validation.instant(at)
        delivery.spread(asked.world, medium.person_id or "")


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
    validation.check_address(body.form_factor, body.public_registration_id)
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
            webhooks.call_back(asked, body.callback_uri, {"digitalKeyId": key.id})
    return KEYS.keep(asked, key)


def _step(medium: Medium, what: str) -> None:
    before, after = STEPS[what]
    if medium.state != before:
        raise invalid(f"the state must be {before}, it is {medium.state}")
    medium.state = after


def _give_back(asked: Asked, medium: Medium) -> None:
    person_id, medium.person_id = medium.person_id, None
    medium.state = "assignable"
    delivery.spread(asked.world, person_id or "")


MEDIA_OPERATIONS = (
    lists("/medium", "getMedia", MEDIA.every, responses.medium),
    makes("/medium", "registerMedium", register_medium, responses.medium, NewMedium),
    shows("/medium/{mediumId}", "getMedium", MEDIA.one, responses.medium),
    drops("/medium/{mediumId}", "unregisterMedium", MEDIA.delete),
    may("/medium/{mediumId}/activate", "activateMedium", MEDIA.activate, Expiry),
    does("/medium/{mediumId}/block", "blockMedium", MEDIA.block),
    may(f"{GIVE}/medium/{{mediumId}}", "assignMedium", MEDIA.assign, Expiry),
    does(f"{TAKE}/medium/{{mediumId}}", "unassignMedium", MEDIA.unassign),
    lists("/digitalKey", "getDigitalKeys", KEYS.every, responses.digital_key),
    makes(
        "/digitalKey",
        "registerDigitalKey",
        register_digital_key,
        responses.digital_key,
        NewDigitalKey,
    ),
    shows("/digitalKey/{mediumId}", "getDigitalKey", KEYS.one, responses.digital_key),
    drops("/digitalKey/{mediumId}", "unregisterDigitalKey", KEYS.delete),
    may("/digitalKey/{mediumId}/activate", "activateDigitalKey", KEYS.activate, Expiry),
    does("/digitalKey/{mediumId}/block", "blockDigitalKey", KEYS.block),
    may(f"{GIVE}/digitalKey/{{mediumId}}", "assignDigitalKey", KEYS.assign, Expiry),
    does(f"{TAKE}/digitalKey/{{mediumId}}", "unassignDigitalKey", KEYS.unassign),
)
