"""What Exivo answers: one typed dictionary a shape, in our own words.

Invariants: names are the wire's. `shapes` fills them in and the OpenAPI document is
made from them, so neither can say what the other does not.
"""

from __future__ import annotations

from typing import Annotated, Any, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Code = Annotated[str, Field(pattern="^[0-9]{4,6}$")]


class SiteInfo(TypedDict):
    """A site."""

    id: str
    name: str
    language: str
    timeZone: str
    type: str


class Component(TypedDict):
    """A door or a gateway; `ready` is whether it can be reached."""

    id: str
    identifier: str
    labelling: str | None
    remarks: str | None
    accessZones: list[str]
    templateIdentifier: str
    ready: bool
    open: bool
    mode: NotRequired[str]


class Visit(TypedDict):
    """A visit; `link` opens its doors between the two instants."""

    id: str
    code: Code
    validFrom: Moment
    validTo: Moment
    components: list[str]
    name: str | None
    message: str | None
    email: str | None
    smsNr: str | None
    link: str
    expired: bool
    revoked: bool


class MobileApp(TypedDict):
    """The app that keeps a digital key."""

    name: NotRequired[str]
    id: str


class DigitalKeyVisit(TypedDict):
    """A visit whose key is in an app."""

    id: str
    expired: bool
    revoked: bool
    name: str | None
    validFrom: Moment
    validTo: Moment
    components: list[str]
    formFactor: str
    publicRegistrationId: str
    mobileApp: MobileApp
    installNotification: bool
    message: str | None
    callbackUri: str | None


class Person(TypedDict):
    """Somebody; the PIN itself is never answered."""

    id: str
    firstName: str
    lastName: str
    entryDate: Moment | None
    exitDate: Moment | None
    gender: str
    email: str | None
    language: str
    info: str | None
    phoneNumber: str | None
    revoked: bool
    accessGroupId: NotRequired[str]
    hasPinCode: bool
    media: list[str]


class Medium(TypedDict):
    """A badge, fob or key."""

    id: str
    cid: NotRequired[str]
    uid: NotRequired[str]
    formFactor: str
    state: str
    personId: str | None
    caption: str | None
    description: str | None


class DigitalKey(TypedDict):
    """A key on a phone."""

    id: str
    cid: str
    formFactor: str
    publicRegistrationId: str
    mobileAppId: str
    state: str
    personId: str | None


class AccessGroup(TypedDict):
    """A group; its zones are each under a time profile, ALWAYS or NEVER."""

    id: str
    name: str
    persons: list[str]
    accessZoneTimeProfiles: dict[str, str]


class AccessZone(TypedDict):
    """A zone."""

    id: str
    name: str
    color: str


class TimeRange(TypedDict):
    """Minutes after midnight on some days."""

    start: int
    end: int
    pinRequired: bool
    days: list[str]


class TimeProfile(TypedDict):
    """Hours of the week under a name."""

    id: str
    name: str
    ranges: list[TimeRange]


class SpecialDay(TypedDict):
    """A day that is called `a` or `b`."""

    date: str
    type: str


class LogEntry(TypedDict):
    """Something that happened at a door."""

    id: str
    name: str
    data: dict[str, Any]
    occurredAt: Moment


class SwissPassHolder(TypedDict):
    """A customer of public transport, found by card and postal code."""

    firstName: str
    lastName: str
    gender: str
    uidISO14443: str
    uidISO15693: str
    customerId: str


class Record(TypedDict):
    """The number under which a service was registered."""

    recordId: str


class Refusal(TypedDict):
    """Why something was not done."""

    message: str
