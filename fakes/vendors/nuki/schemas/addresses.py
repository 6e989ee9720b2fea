"""Addresses, their reservations, companies, and the list of intercoms for openers."""

from __future__ import annotations

from fakes.vendors.nuki.schemas import Date, Shape


class AddressShape(Shape):
    """A home with its locks."""

    address_id: int
    account_id: int
    name: str
    smartlock_ids: list[int]
    time_zone: str | None = None
    check_in_time: int | None = None
    check_out_time: int | None = None
    creation_date: Date
    update_date: Date


class ReservationShape(Shape):
    """A stay that a booking platform has told of."""

    id: str
    address_id: int
    account_id: int
    email: str
    name: str
    guests: int
    guests_issued: int
    keypad_issued: bool
    state: str
    service_id: str | None = None
    reference: str | None = None
    automation: int
    start_date: Date
    end_date: Date
    update_date: Date
    is_currently_issuing_auth: bool
    is_currently_revoking_auth: bool
    has_custom_access_times: bool


class CompanyShape(Shape):
    """A company."""

    name: str | None = None
    email: str | None = None


class BrandShape(Shape):
    """A brand of intercoms."""

    brand_id: int
    brand: str


class IntercomShape(Shape):
    """A model of an intercom, and how it is wired to an opener."""

    intercom_id: int
    brand_id: int
    type: int
    model: str
    verified: int
    con_gnd_bus: str
    con_bus_audio: str
    con_audioout: str
    con_doorbell_plus: str
    con_doorbell_minus: str
    con_opendoor: str
    con_gnd_analogue: str
    bus_mode_switch: int
    bus_mode_switch_short_circuit_duration: int
