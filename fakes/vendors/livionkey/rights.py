"""Access rights: codes for keypads, made, changed, renewed, deleted.

Invariants: unless told otherwise the cloud extends a right to whole days in the
keypad's own zone. A PIN belongs to one right of a keypad as long as that right lasts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from fakes.doors.lockclock import zone
from fakes.vendors.livionkey import delivery
from fakes.vendors.livionkey.errors import ErrorCode, Refused
from fakes.vendors.livionkey.state import AccessRight, Contact, State, quirk, state_of
from fakes.vendors.livionkey.validation import PIN

if TYPE_CHECKING:
    from fakes.kit.world import World


@dataclass(frozen=True)
class RightTerms:
    """What an access right is to be."""

    access_right_id: str
    devices: list[str]
    start: datetime
    end: datetime | None
    person: str
    contacts: list[Contact]
    pin: str | None = None
    free_text: str | None = None
    weekly: list[dict[str, Any]] = field(default_factory=list)
    whole_days: bool = True


def find(world: World, right_id: str) -> AccessRight:
    """Return an access right, deleted ones excepted."""
    right = state_of(world).rights.get(right_id)
    if right is None or right.deleted:
        raise Refused(ErrorCode.UNKNOWN_RIGHT)
    return right


def make(world: World, terms: RightTerms) -> AccessRight:
    """Return a new access right, after its keypads were told."""
    _check(world, terms, None)
    start, end = _times(world, terms)
    right = AccessRight(
        id=world.ids.hex("livionkey.right", 24),
        access_right_id=terms.access_right_id,
        start=start,
        end=end,
        person=terms.person,
        contacts=terms.contacts,
        devices=terms.devices,
        pin=terms.pin or _fresh_pin(world, terms.devices),
        free_text=terms.free_text,
        weekly=terms.weekly,
    )
    state_of(world).rights[right.id] = right
    delivery.sync_devices(world, right.devices)
    return right


def change(world: World, right: AccessRight, terms: RightTerms) -> None:
    """Let an access right be something else."""
    _check(world, terms, right)
    affected = {*right.devices, *terms.devices}
    right.start, right.end = _times(world, terms)
    right.devices, right.person = terms.devices, terms.person
    right.contacts, right.free_text = terms.contacts, terms.free_text
    right.weekly = terms.weekly
    right.pin = terms.pin or right.pin
    delivery.sync_devices(world, affected)


def renew_pin(world: World, right: AccessRight) -> str:
    """Give an access right another PIN and return it."""
    right.pin = _fresh_pin(world, right.devices)
    delivery.sync_devices(world, right.devices)
    return right.pin


def cancel(world: World, right: AccessRight) -> None:
    """Delete an access right."""
    right.deleted = True
    delivery.sync_devices(world, right.devices)


def _check(world: World, terms: RightTerms, before: AccessRight | None) -> None:
    state = state_of(world)
    others = [each for each in state.live_rights() if each is not before]
    reference = terms.access_right_id
    tolerance = timedelta(seconds=quirk(world, "future-tolerance-seconds"))
    late = terms.start < world.now - tolerance
    for error, holds in (
        (
            ErrorCode.NO_KEYPAD,
            not all(_is_keypad(state, each) for each in terms.devices),
        ),
        (
            ErrorCode.RIGHT_TAKEN,
            any(each.access_right_id == reference for each in others),
        ),
        (ErrorCode.BACKWARDS, terms.end is not None and terms.end <= terms.start),
        (ErrorCode.PAST, before is None and late),
        (ErrorCode.BAD_PIN, terms.pin is not None and not PIN.fullmatch(terms.pin)),
        (ErrorCode.RIGHT_PIN_TAKEN, terms.pin in _pins(world, terms.devices, others)),
    ):
        if holds:
            raise Refused(error)


def _is_keypad(state: State, device: str) -> bool:
    record = state.devices.get(device)
    if record is None:
        raise Refused(ErrorCode.UNKNOWN_DEVICE)
    return record.product == "keypad"


def _times(world: World, terms: RightTerms) -> tuple[datetime, datetime | None]:
    """Return from when to when, stretched to whole days if that was not declined."""
    if not terms.whole_days:
        return terms.start, terms.end
    state = state_of(world)
    place = zone(state.door_of(state.devices[terms.devices[0]]).timezone)
    first = terms.start.astimezone(place).date()
    start = datetime.combine(first, time.min, place).astimezone(UTC)
    if terms.end is None:
        return start, None
    last = terms.end.astimezone(place).date()
    return start, datetime.combine(last, time.max, place).astimezone(UTC)


def _pins(world: World, devices: list[str], rights: list[AccessRight]) -> set[str]:
    return {
        each.pin
        for each in rights
        if set(each.devices) & set(devices)
        and (each.end is None or world.now < each.end)
    }


def _fresh_pin(world: World, devices: list[str]) -> str:
    taken = _pins(world, devices, list(state_of(world).live_rights()))
    while True:
        pin = world.ids.digits("livionkey.pin", int(quirk(world, "pin-digits")))
        if pin not in taken:
            return pin
