"""Time profiles: hours of the week under a name, by which groups enter zones.

Invariants: whoever changes a profile changes it for all groups at once. One that is in
use is not deleted. A range ends on the day on which it began.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.doors.permit import Hours
from fakes.kit.call import note
from fakes.vendors.exivo import rights, shapes
from fakes.vendors.exivo.bodies import NewTimeProfile
from fakes.vendors.exivo.operation import drops, invalid, lists, makes, shows
from fakes.vendors.exivo.state import TimeProfile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fakes.vendors.exivo.operation import Asked


def every(asked: Asked) -> Sequence[TimeProfile]:
    """List the time profiles."""
    return list(asked.state.profiles.values())


def one(asked: Asked, profile_id: str) -> TimeProfile:
    """Show a time profile."""
    return asked.find(asked.state.profiles, profile_id, "time profile")


def create(asked: Asked) -> TimeProfile:
    """Make a time profile."""
    new_id, ranges = asked.world.ids.uuid("exivo.profile"), _ranges(asked)
    made = TimeProfile(new_id, asked.body.name, ranges)
    asked.state.profiles[made.id] = made
    note(made.id)
    return made


def change(asked: Asked, profile_id: str) -> TimeProfile:
    """Write a time profile anew, for all that go by it."""
    found = one(asked, profile_id)
    found.ranges, found.name = _ranges(asked), asked.body.name
    rights.spread(asked.world)
    return found


def delete(asked: Asked, profile_id: str) -> None:
    """Delete a time profile, once no group goes by it."""
    found = one(asked, profile_id)
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


OPERATIONS = (
    lists("/timeprofile", "getTimeProfiles", every, shapes.profile),
    makes("/timeprofile", "defineTimeProfile", create, shapes.profile, NewTimeProfile),
    shows("/timeprofile/{timeProfileId}", "getTimeProfile", one, shapes.profile),
    makes(
        "/timeprofile/{timeProfileId}",
        "redefineTimeProfile",
        change,
        shapes.profile,
        NewTimeProfile,
    ),
    drops("/timeprofile/{timeProfileId}", "removeTimeProfile", delete),
)
