"""Access groups, and the zones that they may enter.

Invariants: a group holds zones, each under one time profile, ALWAYS or NEVER. Zones are
set up in the vendor's app alone. What somebody still needs is not deleted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.kit.call import note
from fakes.vendors.exivo import rights, shapes
from fakes.vendors.exivo.bodies import Named
from fakes.vendors.exivo.operation import (
    Refused,
    does,
    drops,
    invalid,
    lists,
    makes,
    shows,
)
from fakes.vendors.exivo.state import ALWAYS, NEVER, Group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fakes.vendors.exivo.operation import Asked
    from fakes.vendors.exivo.state import Zone


ZONE = "/accessgroup/{accessGroupId}/accesszone/{accessZoneId}"


def every(asked: Asked) -> Sequence[Group]:
    """List the access groups."""
    return list(asked.state.groups.values())


def one(asked: Asked, group_id: str) -> Group:
    """Show an access group."""
    return asked.find(asked.state.groups, group_id, "access group")


def create(asked: Asked) -> Group:
    """Make an access group, which may enter nothing yet."""
    group = Group(asked.world.ids.uuid("exivo.group"), asked.body.name)
    asked.state.groups[group.id] = group
    note(group.id)
    return group


def rename(asked: Asked, group_id: str) -> Group:
    """Change the name of an access group."""
    group = one(asked, group_id)
    group.name = asked.body.name
    return group


def delete(asked: Asked, group_id: str) -> None:
    """Delete an access group, once nobody is in it."""
    group = one(asked, group_id)
    if any(each.access_group_id == group.id for each in asked.state.persons.values()):
        status = int(asked.quirk("group-with-persons-status"))
        raise Refused(status, "there are persons in this access group")
    del asked.state.groups[group.id]


def permit_zone(asked: Asked, group_id: str, zone_id: str) -> None:
    """Let a group enter a zone, by a time profile; the one before is replaced."""
    group = one(asked, group_id)
    zone = asked.find(asked.state.zones, zone_id, "access zone")
    if asked.body not in {ALWAYS, NEVER}:
        asked.find(asked.state.profiles, asked.body, "time profile")
    group.zones[zone.id] = asked.body
    _tell_members(asked, group)


def forbid_zone(asked: Asked, group_id: str, zone_id: str) -> None:
    """Let a group enter a zone no longer."""
    group = one(asked, group_id)
    zone = asked.find(asked.state.zones, zone_id, "access zone")
    if group.zones.pop(zone.id, None) is None:
        raise invalid("this access zone is not assigned to this access group")
    _tell_members(asked, group)


def zones(asked: Asked) -> Sequence[Zone]:
    """List the access zones."""
    return list(asked.state.zones.values())


def zone(asked: Asked, zone_id: str) -> Zone:
    """Show an access zone."""
    return asked.find(asked.state.zones, zone_id, "access zone")


def _tell_members(asked: Asked, group: Group) -> None:
    persons = asked.state.persons.values()
    members = [each.id for each in persons if each.access_group_id == group.id]
    if members:
        rights.spread(asked.world, *members)


OPERATIONS = (
    lists("/accessgroup", "getAccessGroups", every, shapes.group),
    makes("/accessgroup", "defineAccessGroup", create, shapes.group, Named),
    shows("/accessgroup/{accessGroupId}", "getAccessGroup", one, shapes.group),
    makes(
        "/accessgroup/{accessGroupId}", "updateAccessGroup", rename, shapes.group, Named
    ),
    drops("/accessgroup/{accessGroupId}", "deleteAccessGroup", delete),
    does(ZONE, "assignAccessZone", permit_zone, str),
    drops(ZONE, "unassignAccessZone", forbid_zone),
    lists("/accessZone", "getAccessZones", zones, shapes.zone),
    shows("/accesszone/{accessZoneId}", "getAccessZone", zone, shapes.zone),
)
