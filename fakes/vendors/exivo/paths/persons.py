"""Persons: who comes and goes, by the rights of one access group.

Invariants: whatever changes what somebody may do is told to the doors. Access ends by
itself at the exit date, and can be given back after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fakes.kit.call import note
from fakes.vendors.exivo import rights, shapes, windows
from fakes.vendors.exivo.bodies import NewPerson, PersonChange, Pin
from fakes.vendors.exivo.operation import (
    Operation,
    does,
    drops,
    invalid,
    lists,
    makes,
    shows,
)
from fakes.vendors.exivo.state import Person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fakes.vendors.exivo.operation import Asked

FEWER_LANGUAGES = {"de", "en", "fr", "it", "nb", "es"}


def every(asked: Asked) -> Sequence[Person]:
    """List the persons."""
    return list(asked.state.persons.values())


def one(asked: Asked, person_id: str) -> Person:
    """Show a person."""
    return asked.find(asked.state.persons, person_id, "person")


def create(asked: Asked) -> Person:
    """Make a person, who may not go anywhere yet."""
    person = Person(id=asked.world.ids.uuid("exivo.person"), **_fields(asked))
    asked.state.persons[person.id] = person
    note(person.id)
    rights.watch_exit(asked.world, person)
    return person


def change(asked: Asked, person_id: str) -> Person:
    """Change the fields that are given, and no others."""
    person, fields = one(asked, person_id), _fields(asked)
    few = asked.quirk("change-languages") == "six"
    if few and fields.get("language", "en") not in FEWER_LANGUAGES:
        raise invalid(f"language must be one of {', '.join(sorted(FEWER_LANGUAGES))}")
    for name, value in fields.items():
        setattr(person, name, value)
    rights.watch_exit(asked.world, person)
    rights.spread(asked.world, person.id)
    return person


def delete(asked: Asked, person_id: str) -> None:
    """Delete a person, whose media are assignable again."""
    person = one(asked, person_id)
    for medium in asked.state.media_of(person.id):
        medium.person_id, medium.state = None, "assignable"
    del asked.state.persons[person.id]
    rights.spread(asked.world, person.id)


def revoke(asked: Asked, person_id: str) -> None:
    """Take a person's access to all doors."""
    person = one(asked, person_id)
    if person.revoked:
        raise invalid("this person is revoked already")
    person.revoked = True
    rights.spread(asked.world, person.id)


def unrevoke(asked: Asked, person_id: str) -> None:
    """Give a person's access back, even after the exit date."""
    person = one(asked, person_id)
    if not person.revoked:
        raise invalid("this person is not revoked")
    person.revoked = False
    rights.spread(asked.world, person.id)


def set_pin(asked: Asked, person_id: str) -> Person:
    """Set the PIN for the PIN pads."""
    return _change_pin(asked, person_id, asked.body.pin_code)


def reset_pin(asked: Asked, person_id: str) -> Person:
    """Take the PIN away."""
    return _change_pin(asked, person_id, None)


def join(asked: Asked, person_id: str, group_id: str) -> None:
    """Put a person into a group, and so out of the one before."""
    person = one(asked, person_id)
    group = asked.find(asked.state.groups, group_id, "access group")
    if person.access_group_id == group.id:
        raise invalid("this person is in this access group already")
    person.access_group_id = group.id
    rights.spread(asked.world, person.id)


def leave(asked: Asked, person_id: str) -> None:
    """Take a person out of the group."""
    person = one(asked, person_id)
    if person.access_group_id is None:
        raise invalid("this person is in no access group")
    person.access_group_id = None
    rights.spread(asked.world, person.id)


def _change_pin(asked: Asked, person_id: str, pin: str | None) -> Person:
    person = one(asked, person_id)
    person.pin_code = pin
    rights.spread(asked.world, person.id)
    return person


def _fields(asked: Asked) -> dict[str, Any]:
    """Return the fields that were given; instants as they are stored."""
    names = asked.body.model_fields_set & set(type(asked.body).model_fields)
    fields = {name: getattr(asked.body, name) for name in names}
    for name in names & {"entry_date", "exit_date"}:
        windows.check_offset(asked, fields[name])
        fields[name] = fields[name] and windows.instant(fields[name])
    return fields


OPERATIONS = (
    lists("/person", "getPersons", every, shapes.person),
    makes("/person", "addPerson", create, shapes.person, NewPerson),
    shows("/person/{personId}", "getPerson", one, shapes.person),
    makes(
        "/person/{personId}", "changePersonInfo", change, shapes.person, PersonChange
    ),
    drops("/person/{personId}", "deletePerson", delete),
    does("/person/{personId}/revoke", "revokeAccess", revoke),
    does("/person/{personId}/unrevoke", "unrevokeAccess", unrevoke),
    makes("/person/{personId}/pincode", "setPinCode", set_pin, shapes.person, Pin),
    Operation(
        "DELETE", "/person/{personId}/pincode", "resetPinCode", reset_pin, shapes.person
    ),
    does(
        "/person/{personId}/assign/accessgroup/{accessGroupId}",
        "assignAccessGroup",
        join,
    ),
    does("/person/{personId}/unassign/accessgroup", "unassignAccessGroup", leave),
)
