"""What the state looks like on the wire: one function a shape.

Invariants: no state is changed here. Instants are written in UTC with Z; what is
unknown is null, but for the few fields that are left out instead.
"""

from __future__ import annotations

from datetime import UTC, datetime

from fakes.vendors.exivo import answers  # noqa: TC001 - get_type_hints reads it
from fakes.vendors.exivo import state as own  # noqa: TC001 - likewise
from fakes.vendors.exivo.operation import Asked  # noqa: TC001 - likewise

PAGE = "/v"


def moment(at: datetime) -> str:
    """Return an instant as Exivo writes one; fractions only if there are any."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def maybe(at: datetime | None) -> str | None:
    """Return an instant as Exivo writes one, or nothing for nothing."""
    return None if at is None else moment(at)


def link(base: str, visit: own.Visit) -> str:
    """Return the address of a visit's page."""
    return f"{base}{PAGE}/{visit.token}"


def site(_asked: Asked, each: own.Site) -> answers.SiteInfo:
    """Return a site."""
    return {
        "id": each.id,
        "name": each.name,
        "language": each.language,
        "timeZone": each.timezone,
        "type": "exivo",
    }


def component(asked: Asked, each: own.Component) -> answers.Component:
    """Return a component; what its door does is told as of this moment."""
    door = asked.state.doors[each.door_id]
    shown: answers.Component = {
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


def visit(asked: Asked, each: own.Visit) -> answers.Visit:
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


def key_visit(asked: Asked, each: own.KeyVisit) -> answers.DigitalKeyVisit:
    """Return a visit by an app."""
    app: answers.MobileApp = {"id": each.mobile_app["id"]}
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


def person(asked: Asked, each: own.Person) -> answers.Person:
    """Return a person, without the PIN."""
    shown: answers.Person = {
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


def medium(_asked: Asked, each: own.Medium) -> answers.Medium:
    """Return a medium; it has one number or the other, a key has none."""
    shown: answers.Medium = {
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


def digital_key(_asked: Asked, each: own.Medium) -> answers.DigitalKey:
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


def group(asked: Asked, each: own.Group) -> answers.AccessGroup:
    """Return an access group with its people."""
    persons = asked.state.persons.values()
    return {
        "id": each.id,
        "name": each.name,
        "persons": [one.id for one in persons if one.access_group_id == each.id],
        "accessZoneTimeProfiles": each.zones,
    }


def zone(_asked: Asked, each: own.Zone) -> answers.AccessZone:
    """Return a zone."""
    return {"id": each.id, "name": each.name, "color": each.color}


def profile(_asked: Asked, each: own.TimeProfile) -> answers.TimeProfile:
    """Return a time profile."""
    ranges: list[answers.TimeRange] = [
        {
            "start": hours.first,
            "end": hours.last,
            "pinRequired": hours.pin_required,
            "days": list(hours.days),
        }
        for hours in each.ranges
    ]
    return {"id": each.id, "name": each.name, "ranges": ranges}


def special_days(asked: Asked, each: dict[str, str]) -> list[answers.SpecialDay]:
    """Return the special days, in their order."""
    return [
        {"date": written_day(asked, day), "type": kind}
        for day, kind in sorted(each.items())
    ]


def written_day(asked: Asked, day: str) -> str:
    """Return an ISO date as it stands on the wire, or back."""
    if asked.quirk("special-day-date") == "YYYY-MM-DD":
        return day
    year, second, third = day.split("-")
    return f"{year}-{third}-{second}"


def fact(_asked: Asked, each: own.Fact) -> answers.LogEntry:
    """Return a line of the access log."""
    return {
        "id": each.id,
        "name": each.name,
        "data": each.data,
        "occurredAt": moment(each.occurred_at),
    }


def holder(_asked: Asked, each: answers.SwissPassHolder) -> answers.SwissPassHolder:
    """Return a customer of public transport."""
    return each


def record(_asked: Asked, record_id: str) -> answers.Record:
    """Return the number of a record."""
    return {"recordId": record_id}
