"""The site itself, its special days, and the SwissPass service."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from fakes.vendors.exivo import rights, shapes
from fakes.vendors.exivo.bodies import (
    SpecialDayCommand,
    SwissPassSearch,
    SwissPassService,
)
from fakes.vendors.exivo.operation import Refused, invalid, makes, shows

if TYPE_CHECKING:
    from fakes.vendors.exivo.answers import SwissPassHolder
    from fakes.vendors.exivo.operation import Asked
    from fakes.vendors.exivo.state import Site

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
    rights.spread(asked.world)
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
            written = shapes.written_day(asked, command.date)
            return date.fromisoformat(written).isoformat()
    except ValueError:
        pass
    raise invalid(f"date must be a day in the form {form}")


OPERATIONS = (
    shows("/info", "getSiteInfo", info, shapes.site),
    shows("/specialdays", "getSpecialDays", special_days, shapes.special_days),
    makes(
        "/specialdays",
        "changeSpecialDays",
        change_special_days,
        shapes.special_days,
        list[SpecialDayCommand],
    ),
    makes(
        "/swisspass/search", "search", search_swisspass, shapes.holder, SwissPassSearch
    ),
    makes(
        "/swisspass/register",
        "register",
        register_swisspass,
        shapes.record,
        SwissPassService,
    ),
)
