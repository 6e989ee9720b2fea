"""The site with its special days, its doors (components), and their access log.

Invariants: 204 says that a message was sent to a door, and no more. Whether the door
did anything is told later, by the access log and the site's events.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from fakes.vendors.exivo import auth, delivery, device_events
from fakes.vendors.exivo.errors import Refused, invalid
from fakes.vendors.exivo.operation import does, lists, logs, makes, may, shows
from fakes.vendors.exivo.schemas import responses
from fakes.vendors.exivo.schemas.requests import (
    Mode,
    SpecialDayCommand,
    SwissPassSearch,
    SwissPassService,
    Unlock,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fakes.vendors.exivo.operation import Asked
    from fakes.vendors.exivo.schemas.responses import SwissPassHolder
    from fakes.vendors.exivo.state import Component, Fact, Site


_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
# Nobody real. Everybody else's look-up fails, as the vendor's own text foresees.
HOLDERS: dict[tuple[int, str], SwissPassHolder] = {
    (8001, "S12345678"): {
        "firstName": "Ada",
        "lastName": "Novak",
        "gender": "female",
        "uidISO14443": "04a1b2c3d4e5f6",
        "uidISO15693": "e004010012345678",
        "customerId": "123-456-789-0",
    }
}


def info(asked: Asked) -> Site:
    """Show the site."""
    return asked.state.site


def special_days(asked: Asked) -> dict[str, str]:
    """Show the special days."""
    return asked.state.special_days


def change_special_days(asked: Asked) -> dict[str, str]:
    """Call days special, or no longer; all of them, or none if one is no day."""
    days = dict(asked.state.special_days)
    for command in asked.body:
        _obey(days, _day(asked, command), command)
    asked.state.special_days = days
    delivery.spread(asked.world)
    return days


def search_swisspass(asked: Asked) -> SwissPassHolder:
    """Find a customer of public transport by card and postal code."""
    found = HOLDERS.get((asked.body.postal_code, asked.body.card_id))
    if found is None:
        status = int(asked.quirk("swisspass-unknown-status"))
        raise Refused(status, "no such SwissPass was found")
    return found


def register_swisspass(asked: Asked) -> str:
    """Register a service in a customer's account."""
    if asked.body.customer_id not in {each["customerId"] for each in HOLDERS.values()}:
        raise invalid("no customer with this id")
    return asked.world.ids.uuid("exivo.swisspass")


def _obey(days: dict[str, str], day: str, command: SpecialDayCommand) -> None:
    if command.command == "remove":
        days.pop(day, None)
    else:
        days[day] = command.command.removeprefix("set").lower()


def _day(asked: Asked, command: SpecialDayCommand) -> str:
    """Return the ISO date of a command."""
    form = str(asked.quirk("special-day-date"))
    try:
        if _DATE.fullmatch(command.date):
            written = responses.written_day(asked, command.date)
            return date.fromisoformat(written).isoformat()
    except ValueError:
        pass
    raise invalid(f"date must be a day in the form {form}")


SITE_OPERATIONS = (
    shows("/info", "getSiteInfo", info, responses.site),
    shows("/specialdays", "getSpecialDays", special_days, responses.special_days),
    makes(
        "/specialdays",
        "changeSpecialDays",
        change_special_days,
        responses.special_days,
        list[SpecialDayCommand],
    ),
    makes(
        "/swisspass/search",
        "search",
        search_swisspass,
        responses.holder,
        SwissPassSearch,
    ),
    makes(
        "/swisspass/register",
        "register",
        register_swisspass,
        responses.record,
        SwissPassService,
    ),
)


def list_components(asked: Asked) -> Sequence[Component]:
    """List the components, gateways among them."""
    return list(asked.state.components.values())


def show_component(asked: Asked, component_id: str) -> Component:
    """Show a component."""
    return asked.find(asked.state.components, component_id, "component")


def unlock(asked: Asked, component_id: str) -> None:
    """Send a door the message to open."""
    component = _door(asked, component_id)
    who = {"apiIdentifier": auth.caller()}
    if asked.body is not None and asked.body.delegated_user:
        who["delegatedUser"] = asked.body.delegated_user
    door = asked.state.doors[component.door_id]
    reason = door.open_from_afar("api", asked.now)
    device_events.record_opening(asked.world, component, reason, who)


def set_mode(asked: Asked, component_id: str) -> None:
    """Send a door the message to change its mode; it is lost if nobody hears it."""
    component = _door(asked, component_id)
    door = asked.state.doors[component.door_id]
    if door.reachable:
        door.turn(asked.body.mode, asked.now)
    else:
        who = {"apiIdentifier": auth.caller()}
        device_events.record_opening(asked.world, component, "offline", who)


def _door(asked: Asked, component_id: str) -> Component:
    component = show_component(asked, component_id)
    if not component.is_door:
        raise invalid("this component is no door")
    return component


COMPONENT_OPERATIONS = (
    lists("/component", "getComponents", list_components, responses.component),
    shows(
        "/component/{componentId}", "getComponent", show_component, responses.component
    ),
    may("/component/{componentId}/unlock", "unlock", unlock, Unlock),
    does("/component/{componentId}/mode", "setComponentOperatingMode", set_mode, Mode),
)


def of_components(asked: Asked) -> Sequence[Fact]:
    """List what happened at any door."""
    return asked.state.facts


def of_component(asked: Asked, component_id: str) -> Sequence[Fact]:
    """List what happened at one door."""
    component = asked.find(asked.state.components, component_id, "component")
    return [fact for fact in asked.state.facts if fact.component == component.id]


def of_persons(asked: Asked) -> Sequence[Fact]:
    """List what any person did."""
    return [fact for fact in asked.state.facts if fact.person is not None]


def of_person(asked: Asked, person_id: str) -> Sequence[Fact]:
    """List what one person did."""
    person = asked.find(asked.state.persons, person_id, "person")
    return [fact for fact in asked.state.facts if fact.person == person.id]


LOG_OPERATIONS = (
    logs(
        "/accesslog/component", "getComponentAccessLog", of_components, responses.fact
    ),
    logs(
        "/accesslog/component/{componentId}",
        "getComponentAccessLogForOne",
        of_component,
        responses.fact,
    ),
    logs("/accesslog/person", "getPersonAccessLog", of_persons, responses.fact),
    logs(
        "/accesslog/person/{personId}",
        "getPersonAccessLogForOne",
        of_person,
        responses.fact,
    ),
)
