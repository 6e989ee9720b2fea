"""What the older interface answers, as its OpenAPI document shows it.

A device is `deviceId` in a list and `id` elsewhere, as with the vendor; without an
`end` a contract goes on. `v1.py` fills these in, `v2.py` has the newer interface's own.
"""

from __future__ import annotations

from typing import Any, NotRequired

from typing_extensions import TypedDict


class TokenShape(TypedDict):
    """A login's token; `expirationTime` is written as in HTTP's headers."""

    token: str
    expirationTime: str


class SyncedShape(TypedDict):
    """Whether a device knows all of its codes, and since when."""

    timestamp: str
    isSynced: bool


class StateShape(TypedDict):
    """What is shown of a device, except its id."""

    name: str
    tag: str
    connectionState: str
    synced: SyncedShape


class ListedShape(StateShape):
    """A device in a plain list."""

    deviceId: str


class NamedShape(TypedDict):
    """A key as its locker names it."""

    id: str
    name: str


class LockerShape(TypedDict):
    """A locker, as its cabinet last reported; `key` is the one that belongs there."""

    lockerIndex: str
    state: str
    isKeyInside: bool
    key: NamedShape | None


class DeviceShape(StateShape):
    """A device by itself, or on a page."""

    id: str
    product: NotRequired[str]
    lockers: NotRequired[list[LockerShape]]


class PageShape(TypedDict):
    """Which rows a page has."""

    start: int
    end: int
    hasNext: bool


class DevicesShape(TypedDict):
    """A page of devices."""

    devices: list[DeviceShape]
    pageInfo: PageShape


class LockersShape(TypedDict):
    """The lockers of a device."""

    deviceId: str
    lockers: list[LockerShape]


class OneLockerShape(TypedDict):
    """One locker of a device."""

    deviceId: str
    locker: LockerShape


class PlaceShape(TypedDict):
    """Where a contract or a right counts."""

    id: str
    keyId: str
    product: NotRequired[str]


class PublicShape(TypedDict):
    """A contract without its contacts; without an end it goes on."""

    devices: list[PlaceShape]
    contractId: str
    pincode: str
    start: str
    end: str | None
    person: str


class ContactShape(TypedDict):
    """Who is told of a contract."""

    name: str
    email: str
    phoneNumber: str
    sendSms: bool
    sendEmail: bool
    language: str


class KeyStatusShape(TypedDict):
    """A key's last event, in short."""

    action: str
    timestamp: str


class ContractShape(PublicShape):
    """A contract."""

    id: str
    keyId: str
    perm: bool
    type: str
    contacts: list[ContactShape]
    freeText: str | None
    recurrent: list[dict[str, Any]]
    tag: list[str]


class StatusShape(ContractShape):
    """A contract where a key is asked for with its status."""

    keyStatus: KeyStatusShape


class KeyShape(TypedDict):
    """A key with its contracts."""

    keyId: str
    deviceId: str
    keyName: str
    keyCode: str | None
    shared: bool
    contracts: list[ContractShape | StatusShape]
    backupCodes: list[str]
    lockerIndex: int | None


class ChangedShape(TypedDict):
    """What an event tells of a key."""

    lockerIndex: int | None
    keyId: str


class DataShape(TypedDict):
    """What happened."""

    before: None
    after: ChangedShape
    text: str
    value: str
    sourceTime: str
    attachment: list[None]


class EventShape(TypedDict):
    """An event of a key."""

    id: str
    timestamp: str
    tag: list[str]
    source: str
    sourceId: str
    action: str
    data: DataShape


class RightShape(TypedDict):
    """An access right."""

    id: str
    accessRightId: str
    devices: list[PlaceShape]
    pincode: str
    start: str
    end: str | None
    perm: bool
    person: str
    contacts: list[ContactShape]
    freeText: str | None
    recurrent: list[dict[str, Any]]
    tag: list[str]


class SlotShape(TypedDict):
    """The locker that a new key was given."""

    lockerIndex: int | None


class PinShape(TypedDict):
    """A new PIN."""

    pincode: str


class MadeShape(PinShape):
    """What a new contract or right was given."""

    id: str
