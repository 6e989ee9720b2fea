"""The PIN at a PIN pad: a person beside the visit, with the visit's own PIN (EXV-05).

Invariants: the person is known again by our id of the access, is nobody's name, and may
enter zones only. So a zone is used only where all of its doors were booked: a PIN never
opens a door beside them. Every step is taken only where it is missing.
"""

from __future__ import annotations

from typing import Final

from service.ports import Order, VendorRefused
from service.vendor_kit import Body
from service.vendors.exivo.api import Account, Client
from service.vendors.exivo.mapping import VisitRequest, own_name, visit_request_of

NAME: Final = "pin_pad"
MEANS: Final = "the same PIN at the doors' PIN pads"
ALWAYS: Final = "ALWAYS"


def add(client: Client, account: Account, order: Order) -> None:
    """Make the PIN work at the pads; raise `VendorRefused` if it cannot."""
    request = visit_request_of(order)
    zones = _zones(client.components(account), request.doors)
    person = _person(client, account, order, request)
    ref = str(person["id"])
    client.set_pin(account, ref, request.code)
    group = _group(client, account, zones)
    if person.get("accessGroupId") != group:
        client.join(account, ref, group)


def take_back(client: Client, account: Account, access: str) -> None:
    """Make the PIN open nothing any more."""
    for person in _earlier(client, account, access):
        client.delete_person(account, str(person["id"]))


def _zones(components: list[Body], doors: frozenset[str]) -> list[str]:
    """Return zones that hold all of these doors and no other, or `VendorRefused`."""
    members: dict[str, set[str]] = {}
    for each in components:
        found = each.get("accessZones")
        for zone in map(str, found if isinstance(found, list) else ()):
            members.setdefault(zone, set()).add(str(each.get("id")))
    own = {zone: inside for zone, inside in members.items() if inside <= doors}
    if set().union(*own.values()) != doors:
        raise VendorRefused(
            "a PIN pad goes by access zones, and no zone holds the booked doors alone; "
            "give them one of their own in the Exivo app"
        )
    return sorted(own)


def _person(
    client: Client, account: Account, order: Order, request: VisitRequest
) -> Body:
    earlier = _earlier(client, account, order.access)
    if earlier:
        return earlier[0]
    visit = request.written
    person = {
        "firstName": "Booking",
        "lastName": request.name,
        "entryDate": visit["validFrom"],
        "exitDate": visit["validTo"],
        "info": own_name(order.access),
    }
    return client.make_person(account, person)


def _earlier(client: Client, account: Account, access: str) -> list[Body]:
    rows = client.persons(account)
    return [row for row in rows if row.get("info") == own_name(access)]


def _group(client: Client, account: Account, zones: list[str]) -> str:
    """Return the access group of exactly these zones, made where there is none."""
    name = f"Strikeplate {' '.join(zones)}"
    groups = [row for row in client.groups(account) if row.get("name") == name]
    group = groups[0] if groups else client.make_group(account, {"name": name})
    known = group.get("accessZoneTimeProfiles")
    for zone in zones:
        if not isinstance(known, dict) or known.get(zone) != ALWAYS:
            client.permit(account, str(group["id"]), zone, ALWAYS)
    return str(group["id"])
