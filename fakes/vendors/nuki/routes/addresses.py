"""Addresses and their reservations; companies; the intercoms that openers know.

Invariants: a reservation comes from a booking platform, never by this interface; the
portal stands for that platform. Its issue orders one keypad code, the same at each lock
of the address, for the time between check-in and check-out; its revocation deletes it.
Brands and models of intercoms are made up.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from fakes.kit.answers import answers
from fakes.kit.dispatch import note
from fakes.vendors.nuki import delivery
from fakes.vendors.nuki.auth import allow
from fakes.vendors.nuki.delivery import Order
from fakes.vendors.nuki.errors import bad_value
from fakes.vendors.nuki.routes.base import (
    accepted,
    device,
    found,
    listed,
    routes,
    shown,
)
from fakes.vendors.nuki.schemas import addresses
from fakes.vendors.nuki.schemas.requests import (
    AccessTimes,
    AddressRequest,
    ReservationRequest,
    date,
    read,
)
from fakes.vendors.nuki.state import (
    Address,
    Limits,
    Reservation,
    Settings,
    integer,
    object_id,
    state_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug import Response

    from fakes.kit.world import World
    from fakes.vendors.nuki.state import Auth, Device


SCOPE = "account"
DIGITS = "3456789"  # a code has no 0 and does not begin with 12
CODE_LENGTH = 6
DAY_MINUTES = range(24 * 60)
CHECK_IN, CHECK_OUT = 15 * 60, 11 * 60
WIRES = dict.fromkeys(
    (
        "con_gnd_bus",
        "con_bus_audio",
        "con_audioout",
        "con_doorbell_plus",
        "con_doorbell_minus",
        "con_opendoor",
        "con_gnd_analogue",
    ),
    "",
)
BRANDS = {1: "Strikeplate Audio", 2: "Strikeplate Bus"}
MODELS = {
    number: addresses.IntercomShape(
        intercom_id=number,
        brand_id=number,
        type=number,
        model=f"Model {number}",
        verified=1,
        bus_mode_switch=0,
        bus_mode_switch_short_circuit_duration=0,
        **WIRES,
    )
    for number in BRANDS
}


@routes.get("/opener/brand")
@answers(list[addresses.BrandShape])
def list_brands() -> Response:
    """List the brands of intercoms."""
    return listed(map(_brand, BRANDS))


@routes.get("/opener/brand/<int:brand_id>")
@answers(addresses.BrandShape)
def show_brand(brand_id: int) -> Response:
    """Show a brand of intercoms."""
    found(BRANDS.get(brand_id), "brand")
    return shown(_brand(brand_id))


@routes.get("/opener/intercom")
@answers(list[addresses.IntercomShape])
def list_intercoms() -> Response:
    """List the models of intercoms."""
    return listed(MODELS.values())


@routes.get("/opener/intercom/<int:intercom_id>")
@answers(addresses.IntercomShape)
def show_intercom(intercom_id: int) -> Response:
    """Show a model of an intercom."""
    return shown(found(MODELS.get(intercom_id), "intercom"))


@routes.get("/company")
@answers(list[addresses.CompanyShape])
def list_companies() -> Response:
    """List the companies of the account, of which there are none."""
    allow(SCOPE)
    return listed(())


@routes.get("/address")
@answers(list[addresses.AddressShape])
def list_addresses() -> Response:
    """List the addresses."""
    world = allow(SCOPE)
    return listed(_address(world, each) for each in state_of(world).addresses.values())


@routes.put("/address")
@answers(addresses.AddressShape)
def create_address() -> Response:
    """Add an address."""
    world, body = allow(SCOPE), read(AddressRequest)
    if not body.name:
        raise bad_value(body.name, "name")
    locks = [device(world, each).smartlock_id for each in body.smartlock_ids or ()]
    made = Address(integer(world, "address"), body.name, locks, world.now, world.now)
    state_of(world).addresses[made.address_id] = made
    return shown(_address(world, made))


@routes.get("/address/<int:address_id>/reservation")
@answers(list[addresses.ReservationShape])
def list_reservations(address_id: int) -> Response:
    """List the reservations of an address."""
    world = allow(SCOPE)
    address = _find_address(world, address_id)
    return listed(_reservation(world, each) for each in address.reservations.values())


@routes.post("/portal/address/<int:address_id>/reservation")
def receive_reservation(address_id: int) -> Response:
    """Take a reservation as a booking platform would tell of it."""
    world, body = allow(SCOPE), read(ReservationRequest)
    address = _find_address(world, address_id)
    start, end = date(body.start_date, "startDate"), date(body.end_date, "endDate")
    if start is None or end is None or end <= start:
        raise bad_value(body.end_date, "endDate")
    made = Reservation(
        id=object_id(world),
        address_id=address_id,
        name=body.name or "Guest",
        email=body.email or "",
        guests=body.guests or 1,
        start=start,
        end=end,
        updated_at=world.now,
        reference=body.reference,
    )
    address.reservations[made.id] = made
    return shown(_reservation(world, made))


@routes.post("/address/<int:address_id>/reservation/<reservation_id>/issue")
@answers(None)
def issue(address_id: int, reservation_id: str) -> Response:
    """Order the code of a reservation at each lock of its address."""
    world = allow(SCOPE)
    address, stay = _find(world, address_id, reservation_id)
    settings = _settings(world, address, stay)
    for lock in _locks(world, address):
        if lock.smartlock_id not in stay.auths:
            order = Order(lock, "create", requested=settings)
            stay.auths[lock.smartlock_id] = delivery.accept(world, order).id
    stay.updated_at = world.now
    return accepted()


@routes.post("/address/<int:address_id>/reservation/<reservation_id>/revoke")
@answers(None)
def revoke(address_id: int, reservation_id: str) -> Response:
    """Order that the code of a reservation be deleted."""
    world = allow(SCOPE)
    _, stay = _find(world, address_id, reservation_id)
    for lock, row in _issued(world, stay):
        delivery.accept(world, Order(lock, "delete", row))
    stay.auths.clear()
    stay.updated_at = world.now
    return accepted()


@routes.post(
    "/address/<int:address_id>/reservation/<reservation_id>/update/accesstimes"
)
@answers(None)
def change_access_times(address_id: int, reservation_id: str) -> Response:
    """Set when a reservation's guests come and go, in minutes of the day."""
    world, body = allow(SCOPE), read(AccessTimes)
    address, stay = _find(world, address_id, reservation_id)
    for value, name in (
        (body.check_in_time, "checkInTime"),
        (body.check_out_time, "checkOutTime"),
    ):
        if value is not None and value not in DAY_MINUTES:
            raise bad_value(value, name)
    stay.check_in, stay.check_out = body.check_in_time, body.check_out_time
    stay.updated_at = world.now
    settings = _settings(world, address, stay)
    for lock, row in _issued(world, stay):
        delivery.accept(world, Order(lock, "update", row, settings))
    return accepted()


def _settings(world: World, address: Address, stay: Reservation) -> Settings:
    """Return the code of a stay, from check-in to check-out where the locks are."""
    if not stay.code:
        stay.code = world.ids.word("nuki.reservation", CODE_LENGTH, DIGITS)
    zones = (state_of(world).door_of(each).timezone for each in _locks(world, address))
    zone = ZoneInfo(next(zones, "UTC"))
    check_in = CHECK_IN if stay.check_in is None else stay.check_in
    check_out = CHECK_OUT if stay.check_out is None else stay.check_out
    limits = Limits(_at(stay.start, check_in, zone), _at(stay.end, check_out, zone))
    return Settings(stay.name[:20], stay.code, limits=limits)


def _at(day: datetime, minute: int, zone: ZoneInfo) -> datetime:
    midnight = datetime.combine(day.astimezone(zone).date(), time(), zone)
    return midnight + timedelta(minutes=minute)


def _locks(world: World, address: Address) -> list[Device]:
    devices = state_of(world).devices
    return [devices[each] for each in address.smartlock_ids if each in devices]


def _issued(world: World, stay: Reservation) -> Iterator[tuple[Device, Auth]]:
    devices = state_of(world).devices
    for lock_id, auth_id in stay.auths.items():
        lock = devices.get(lock_id)
        if lock and auth_id in lock.auths:
            yield lock, lock.auths[auth_id]


def _find_address(world: World, address_id: int) -> Address:
    return found(state_of(world).addresses.get(address_id), "address")


def _find(world: World, address_id: int, ref: str) -> tuple[Address, Reservation]:
    address = _find_address(world, address_id)
    note(ref)
    return address, found(address.reservations.get(ref), "reservation")


def _brand(number: int) -> addresses.BrandShape:
    return addresses.BrandShape(brand_id=number, brand=BRANDS[number])


def _address(world: World, address: Address) -> addresses.AddressShape:
    return addresses.AddressShape(
        address_id=address.address_id,
        account_id=state_of(world).account.account_id,
        name=address.name,
        smartlock_ids=address.smartlock_ids,
        check_in_time=CHECK_IN,
        check_out_time=CHECK_OUT,
        creation_date=address.created_at,
        update_date=address.updated_at,
    )


def _reservation(world: World, stay: Reservation) -> addresses.ReservationShape:
    rows = [row for _, row in _issued(world, stay)]
    return addresses.ReservationShape(
        id=stay.id,
        address_id=stay.address_id,
        account_id=state_of(world).account.account_id,
        email=stay.email,
        name=stay.name,
        guests=stay.guests,
        guests_issued=min(len(rows), 1),
        keypad_issued=any(row.confirmed for row in rows),
        state="accepted",
        reference=stay.reference,
        automation=0,
        start_date=stay.start,
        end_date=stay.end,
        update_date=stay.updated_at,
        is_currently_issuing_auth=any(row.operation for row in rows),
        is_currently_revoking_auth=False,
        has_custom_access_times=stay.check_in is not None or stay.check_out is not None,
    )
