"""Access groups with their zones, and the time profiles that zones are under.

Invariants: a group holds zones, each under one time profile, ALWAYS or NEVER. Zones are
set up in the vendor's app alone. A change of a profile counts for all groups at once. A
group or profile that is still in use is not deleted. A time range ends on the day on
which it began.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.doors.permit import Hours
from fakes.kit.dispatch import note
from fakes.vendors.exivo import delivery
from fakes.vendors.exivo.errors import Refused, invalid
from fakes.vendors.exivo.operation import does, drops, lists, makes, shows
from fakes.vendors.exivo.schemas import responses
from fakes.vendors.exivo.schemas.requests import Named, NewTimeProfile
from fakes.vendors.exivo.state import ALWAYS, NEVER, Group, TimeProfile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fakes.vendors.exivo.operation import Asked
    from fakes.vendors.exivo.state import Zone


ZONE = "/accessgroup/{accessGroupId}/accesszone/{accessZoneId}"


def list_groups(asked: Asked) -> Sequence[Group]:
    """List the access groups."""
    return list(asked.state.groups.values())


def show_group(asked: Asked, group_id: str) -> Group:
    """Show an access group."""
    return asked.find(asked.state.groups, group_id, "access group")


def create_group(asked: Asked) -> Group:
    """Make an access group, which may enter nothing yet."""
    group = Group(asked.world.ids.uuid("exivo.group"), asked.body.name)
    asked.state.groups[group.id] = group
    note(group.id)
    return group


def rename_group(asked: Asked, group_id: str) -> Group:
    """Change the name of an access group."""
    group = show_group(asked, group_id)
    group.name = asked.body.name
    return group


def delete_group(asked: Asked, group_id: str) -> None:
    """Delete an access group, once nobody is in it."""
    group = show_group(asked, group_id)
    if any(each.access_group_id == group.id for each in asked.state.persons.values()):
        status = int(asked.quirk("group-with-persons-status"))
        raise Refused(status, "there are persons in this access group")
    del asked.state.groups[group.id]


def permit_zone(asked: Asked, group_id: str, zone_id: str) -> None:
    """Let a group enter a zone, by a time profile; the one before is replaced."""
    group = show_group(asked, group_id)
    zone = asked.find(asked.state.zones, zone_id, "access zone")
    if asked.body not in {ALWAYS, NEVER}:
        asked.find(asked.state.profiles, asked.body, "time profile")
    group.zones[zone.id] = asked.body
    _update_members(asked, group)


def forbid_zone(asked: Asked, group_id: str, zone_id: str) -> None:
    """Let a group enter a zone no longer."""
    group = show_group(asked, group_id)
    zone = asked.find(asked.state.zones, zone_id, "access zone")
    if group.zones.pop(zone.id, None) is None:
        raise invalid("this access zone is not assigned to this access group")
    _update_members(asked, group)


def zones(asked: Asked) -> Sequence[Zone]:
    """List the access zones."""
    return list(asked.state.zones.values())


def zone(asked: Asked, zone_id: str) -> Zone:
    """Show an access zone."""
    return asked.find(asked.state.zones, zone_id, "access zone")


def _update_members(asked: Asked, group: Group) -> None:
    persons = asked.state.persons.values()
    members = [each.id for each in persons if each.access_group_id == group.id]
    if members:
        delivery.spread(asked.world, *members)


GROUP_OPERATIONS = (
    lists("/accessgroup", "getAccessGroups", list_groups, responses.group),
    makes("/accessgroup", "defineAccessGroup", create_group, responses.group, Named),
    shows(
        "/accessgroup/{accessGroupId}", "getAccessGroup", show_group, responses.group
    ),
    makes(
        "/accessgroup/{accessGroupId}",
        "updateAccessGroup",
        rename_group,
        responses.group,
        Named,
    ),
    drops("/accessgroup/{accessGroupId}", "deleteAccessGroup", delete_group),
    does(ZONE, "assignAccessZone", permit_zone, str),
    drops(ZONE, "unassignAccessZone", forbid_zone),
    lists("/accessZone", "getAccessZones", zones, responses.zone),
    shows("/accesszone/{accessZoneId}", "getAccessZone", zone, responses.zone),
)


def list_profiles(asked: Asked) -> Sequence[TimeProfile]:
    """List the time profiles."""
    return list(asked.state.profiles.values())


def show_profile(asked: Asked, profile_id: str) -> TimeProfile:
    """Show a time profile."""
    return asked.find(asked.state.profiles, profile_id, "time profile")


def create_profile(asked: Asked) -> TimeProfile:
    """Make a time profile."""
    new_id, ranges = asked.world.ids.uuid("exivo.profile"), _ranges(asked)
    made = TimeProfile(new_id, asked.body.name, ranges)
    asked.state.profiles[made.id] = made
    note(made.id)
    return made


def change_profile(asked: Asked, profile_id: str) -> TimeProfile:
    """Write a time profile anew, for all that go by it."""
    found = show_profile(asked, profile_id)
    found.ranges, found.name = _ranges(asked), asked.body.name
    delivery.spread(asked.world)
    return found


def delete_profile(asked: Asked, profile_id: str) -> None:
    """Delete a time profile, once no group goes by it."""
    found = show_profile(asked, profile_id)
    if any(found.id in group.zones.values() for group in asked.state.groups.values()):
        raise invalid("this time profile is in use")
    del asked.state.profiles[found.id]


def _ranges(asked: Asked) -> list[Hours]:
    for each in asked.body.ranges:
        if each.end <= each.start:
            raise invalid("ranges: end must be after start")
    return [
        Hours(tuple(dict.fromkeys(each.days)), each.start, each.end, each.pin_required)
        for each in asked.body.ranges
    ]


PROFILE_OPERATIONS = (
    lists("/timeprofile", "getTimeProfiles", list_profiles, responses.profile),
    makes(
        "/timeprofile",
        "defineTimeProfile",
        create_profile,
        responses.profile,
        NewTimeProfile,
    ),
    shows(
        "/timeprofile/{timeProfileId}",
        "getTimeProfile",
        show_profile,
        responses.profile,
    ),
    makes(
        "/timeprofile/{timeProfileId}",
        "redefineTimeProfile",
        change_profile,
        responses.profile,
        NewTimeProfile,
    ),
    drops("/timeprofile/{timeProfileId}", "removeTimeProfile", delete_profile),
)
