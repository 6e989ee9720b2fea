"""What Exivo answers: one typed dictionary a shape, and a function that fills it.

Invariants: reads only. Names are the wire's. The OpenAPI document is made from the same
types. Instants are in UTC with Z; an unknown value is null, except where the vendor's
schema has no null: the routes leave those fields out.
"""

from __future__ import annotations

from typing import Annotated, Any, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from fakes.vendors.exivo import state as own  # noqa: TC001 - likewise
from fakes.vendors.exivo.operation import Asked  # noqa: TC001 - likewise
from fakes.vendors.exivo.schemas import maybe, moment

Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Code = Annotated[str, Field(pattern="^[0-9]{4,6}$")]
PAGE = "/v"


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
    labelling: NotRequired[str | None]
    remarks: NotRequired[str | None]
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
    name: NotRequired[str | None]
    message: NotRequired[str | None]
    email: NotRequired[str | None]
    smsNr: NotRequired[str | None]
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
    info: NotRequired[str | None]
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


def link(base: str, visit: own.Visit) -> str:
    """Return the address of a visit's page."""
    return f"{base}{PAGE}/{visit.token}"


def site(_asked: Asked, each: own.Site) -> SiteInfo:
    """Return a site."""
    return {
        "id": each.id,
        "name": each.name,
        "language": each.language,
        "timeZone": each.timezone,
        "type": "exivo",
    }


def component(asked: Asked, each: own.Component) -> Component:
    """Return a component, with the state of its door at this moment."""
    door = asked.state.doors[each.door_id]
    shown: Component = {
        "id": each.id,
        "identifier": each.identifier,
        "labelling": each.labelling,
        "remarks": each.remarks,
        "accessZones": each.zones,
        "templateIdentifier": each.template,
        "ready": door.reachable,
        "open": door.contact == "open",
    }
    if asked.quirk("component-mode"):
        shown["mode"] = door.mode
    return shown


def visit(asked: Asked, each: own.Visit) -> Visit:
    """Return a visit, code and link included."""
    return {
        "id": each.id,
        "code": each.code,
        "validFrom": moment(each.valid_from),
        "validTo": moment(each.valid_to),
        "components": each.components,
        "name": each.name,
        "message": each.message,
        "email": each.email,
        "smsNr": each.sms_nr,
        "link": link(asked.base, each),
        "expired": asked.now >= each.valid_to,
        "revoked": each.revoked,
    }


def key_visit(asked: Asked, each: own.KeyVisit) -> DigitalKeyVisit:
    """Return a visit by an app."""
    app: MobileApp = {"id": each.mobile_app["id"]}
    if "name" in each.mobile_app:
        app["name"] = each.mobile_app["name"]
    return {
        "id": each.id,
        "expired": asked.now >= each.valid_to,
        "revoked": each.revoked,
        "name": each.name,
        "validFrom": moment(each.valid_from),
        "validTo": moment(each.valid_to),
        "components": each.components,
        "formFactor": each.form_factor,
        "publicRegistrationId": each.public_registration_id,
        "mobileApp": app,
        "installNotification": each.install_notification,
        "message": each.message,
        "callbackUri": each.callback_uri,
    }


def person(asked: Asked, each: own.Person) -> Person:
    """Return a person, without the PIN."""
    shown: Person = {
        "id": each.id,
        "firstName": each.first_name,
        "lastName": each.last_name,
        "entryDate": maybe(each.entry_date),
        "exitDate": maybe(each.exit_date),
        "gender": each.gender,
        "email": each.email,
        "language": each.language,
        "info": each.info,
        "phoneNumber": each.phone_number,
        "revoked": each.revoked,
        "hasPinCode": each.pin_code is not None,
        "media": [medium.id for medium in asked.state.media_of(each.id)],
    }
    if each.gender.endswith("specified"):
        shown["gender"] = str(asked.quirk("third-gender"))
    if each.access_group_id is not None:
        shown["accessGroupId"] = each.access_group_id
    return shown


def medium(_asked: Asked, each: own.Medium) -> Medium:
    """Return a medium; it has one number or the other, a key has none."""
    shown: Medium = {
        "id": each.id,
        "formFactor": each.form_factor,
        "state": each.state,
        "personId": each.person_id,
        "caption": each.caption,
        "description": each.description,
    }
    if each.cid is not None:
        shown["cid"] = each.cid
    if each.uid is not None:
        shown["uid"] = each.uid
    return shown


def digital_key(_asked: Asked, each: own.Medium) -> DigitalKey:
    """Return a digital key."""
    return {
        "id": each.id,
        "cid": each.cid or "",
        "formFactor": each.form_factor,
        "publicRegistrationId": each.public_registration_id,
        "mobileAppId": each.mobile_app_id,
        "state": each.state,
        "personId": each.person_id,
    }


def group(asked: Asked, each: own.Group) -> AccessGroup:
    """Return an access group with its people."""
    persons = asked.state.persons.values()
    return {
        "id": each.id,
        "name": each.name,
        "persons": [one.id for one in persons if one.access_group_id == each.id],
        "accessZoneTimeProfiles": each.zones,
    }


def zone(_asked: Asked, each: own.Zone) -> AccessZone:
    """Return a zone."""
    return {"id": each.id, "name": each.name, "color": each.color}


def profile(_asked: Asked, each: own.TimeProfile) -> TimeProfile:
    """Return a time profile."""
    ranges: list[TimeRange] = [
        {
            "start": hours.first,
            "end": hours.last,
            "pinRequired": hours.pin_required,
            "days": list(hours.days),
        }
        for hours in each.ranges
    ]
    return {"id": each.id, "name": each.name, "ranges": ranges}


def special_days(asked: Asked, each: dict[str, str]) -> list[SpecialDay]:
    """Return the special days, in their order."""
    return [
        {"date": written_day(asked, day), "type": kind}
        for day, kind in sorted(each.items())
    ]


def written_day(asked: Asked, day: str) -> str:
    """Return an ISO date as it is written on the wire, or back."""
    if asked.quirk("special-day-date") == "YYYY-MM-DD":
        return day
    year, second, third = day.split("-")
    return f"{year}-{third}-{second}"


def fact(_asked: Asked, each: own.Fact) -> LogEntry:
    """Return a line of the access log."""
    return {
        "id": each.id,
        "name": each.name,
        "data": each.data,
        "occurredAt": moment(each.occurred_at),
    }


def holder(_asked: Asked, each: SwissPassHolder) -> SwissPassHolder:
    """Return a customer of public transport."""
    return each


def record(_asked: Asked, record_id: str) -> Record:
    """Return the number of a record."""
    return {"recordId": record_id}
