"""Doors: add, list, change, type a code, read the log and the stored codes."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import ZoneInfo

from flask import request
from pydantic import AfterValidator, BeforeValidator, Field
from werkzeug import Response

from fakes.kit.control import call, opened
from fakes.kit.door import YEAR
from fakes.kit.json_api import (
    FieldError,
    Instant,
    Open,
    Problem,
    Strict,
    show,
    unknown,
    wrong,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from fakes.kit.door import Door, Entry
    from fakes.kit.world import Fake, World


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        raise ValueError("give a tz database name such as Europe/Stockholm") from None
    return name


def _not_null(given: object) -> object:
    if given is None:
        raise ValueError("give a value, or leave the field out")
    return given


Given = BeforeValidator(_not_null)


class DoorChangeRequest(Open):
    """What can be changed at any door; further fields are for its vendor.

    What is left out stays as it is; null is refused.
    """

    name: Annotated[str | None, Given, Field(min_length=1)] = None
    timezone: Annotated[str | None, Given, AfterValidator(_known_zone)] = None
    online: Annotated[bool | None, Given] = None
    battery: Annotated[int | None, Given, Field(ge=0, le=100)] = None
    clock_drift_seconds: Annotated[float | None, Given, Field(ge=-YEAR, le=YEAR)] = None
    keypad: Annotated[bool | None, Given] = None


class NewDoorRequest(DoorChangeRequest):
    """A new door; the vendor chooses what is left out."""

    vendor: str
    name: Annotated[str, Field(min_length=1)]
    kind: str | None = None


class DeviceChange(Strict):
    """What happens to the device at a door.

    `reset`: it is as it left the factory, with no codes and no account. `paired`: it
    is reset and then paired anew. `replaced`: another device is there, paired.
    """

    state: Literal["reset", "paired", "replaced"]


class EntryRequest(Open):
    """A typed code; further fields are for doors that know them."""

    code: str


class ProbeRequest(EntryRequest):
    """A code and the instant to try it at, by default the present."""

    at: Instant | None = None


@call("GET", "/worlds/<world_id>/doors")
def list_doors(world_id: str) -> Response:
    """List every door, vendor by vendor."""
    with opened(world_id) as world:
        return show([door.describe() for door in world.doors()])


@call("POST", "/worlds/<world_id>/doors", body=NewDoorRequest, status=201)
def add_door(world_id: str, body: NewDoorRequest) -> Response:
    """Add a door to a vendor's account."""
    with opened(world_id) as world:
        fake = world.fakes.get(body.vendor)
        if fake is None:
            raise wrong(
                "vendor", body.vendor, unknown("vendor", body.vendor, world.fakes)
            )
        fields = body.model_dump(exclude_unset=True, exclude={"vendor"})
        return show(fake.add_door(world, fields).describe(), 201)


@call("GET", "/worlds/<world_id>/doors/<door_id>")
def show_door(world_id: str, door_id: str) -> Response:
    """Show one door."""
    with opened(world_id) as world:
        return show(find(world, door_id)[1].describe())


@call("PATCH", "/worlds/<world_id>/doors/<door_id>", body=DoorChangeRequest)
def change_door(world_id: str, door_id: str, body: DoorChangeRequest) -> Response:
    """Change a door: its network, battery, clock, keypad and more."""
    with opened(world_id) as world:
        fake, door = find(world, door_id)
        fake.patch_door(world, door, body.model_dump(exclude_unset=True))
        return show(door.describe())


@call("DELETE", "/worlds/<world_id>/doors/<door_id>", status=204)
def remove_door(world_id: str, door_id: str) -> Response:
    """Take a door and its device away; a new door in its place is another device."""
    with opened(world_id) as world:
        fake, door = find(world, door_id)
        if fake.remove_door is None:
            raise Problem(422, f"the doors of {fake.name} cannot be removed")
        fake.remove_door(world, door)
    return Response(status=204)


@call("POST", "/worlds/<world_id>/doors/<door_id>/device", body=DeviceChange)
def change_device(world_id: str, door_id: str, body: DeviceChange) -> Response:
    """Factory-reset the device at a door, pair it anew, or put another one there."""
    with opened(world_id) as world:
        fake, door = find(world, door_id)
        if body.state not in fake.device_changes:
            raise Problem(422, f"a device of {fake.name} cannot be {body.state}")
        fake.device_changes[body.state](world, door)
        return show(find(world, door_id)[1].describe())


@call("POST", "/worlds/<world_id>/doors/<door_id>/entries", body=EntryRequest)
def enter(world_id: str, door_id: str, body: EntryRequest) -> Response:
    """Type a code at the keypad now."""
    with opened(world_id) as world:
        fake, door = find(world, door_id)
        entry = ask(door.enter, body, world.now)
        if fake.entered:
            fake.entered(world, door, entry)
        return show(_describe(fake, entry))


@call("POST", "/worlds/<world_id>/doors/<door_id>/probe", body=ProbeRequest)
def probe(world_id: str, door_id: str, body: ProbeRequest) -> Response:
    """Show what a code would do now or at another instant; nothing changes."""
    with opened(world_id) as world:
        fake, door = find(world, door_id)
        entry = ask(door.probe, body, body.at or world.now)
        rule = fake.rule_of(entry)
        return show({"opens": entry.opened, "reason": entry.reason, "rule": rule})


@call("GET", "/worlds/<world_id>/doors/<door_id>/log")
def show_log(world_id: str, door_id: str) -> Response:
    """Show the door's own log, oldest first."""
    with opened(world_id) as world:
        return show(list(find(world, door_id)[1].log))


@call("GET", "/worlds/<world_id>/codes", query={"door": "only those of this door"})
def list_codes(world_id: str) -> Response:
    """List every code in each of the three records, of all doors or of one."""
    with opened(world_id) as world:
        door_id = request.args.get("door")
        if door_id is not None:
            fake, door = find(world, door_id)
            return show(list(fake.codes(world, door)))
        fakes = world.fakes.values()
        return show([code for fake in fakes for code in fake.codes(world, None)])


def find(world: World, door_id: str) -> tuple[Fake[Any], Door]:
    """Return a door with its vendor; a Problem (404) if there is none of that id."""
    found = world.door(door_id)
    if found is None:
        raise Problem(404, unknown("door", door_id, (d.id for d in world.doors())))
    return found


def _describe(fake: Fake[Any], entry: Entry) -> dict[str, Any]:
    return {
        "opened": entry.opened,
        "reason": entry.reason,
        "rule": fake.rule_of(entry),
        "at": entry.at,
        **entry.details(),
    }


def ask(question: Callable[..., Entry], typed: EntryRequest, *when: Any) -> Entry:
    """Call `enter` or `probe` with the further fields; a Problem if they do not fit.

    A door refuses a code that cannot be typed with a ValueError without the code.
    """
    extra = typed.extra
    if "self" in extra:
        raise wrong("self", extra["self"], "no door takes it")
    try:
        inspect.signature(question).bind(typed.code, *when, **extra)
    except TypeError as error:
        fix = f"this door does not take it ({error})"
        raise wrong(", ".join(extra), None, fix) from error
    try:
        return question(typed.code, *when, **extra)
    except ValueError as error:
        raise Problem(422, str(error), FieldError("code", None, str(error))) from None
