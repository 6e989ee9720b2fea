"""What holds for every vendor of the service, shown at the doors of the fakes.

A vendor is judged here from the moment its two folders exist.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from service.domain.access import free_pin
from service.ports import (
    CredentialsRefused,
    Issued,
    LockVendor,
    Order,
    VendorError,
    VendorLock,
    VendorPending,
    VendorUnknown,
)
from service.secret import Secret
from service.vendors import factories

ZONE = ZoneInfo("Europe/Stockholm")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
START = datetime(2026, 1, 2, 15, 20, tzinfo=ZONE)
END = START + timedelta(hours=2)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)

pytestmark = pytest.mark.parametrize("name", factories())


@pytest.fixture
def vendor(name: str, vendors: dict[str, LockVendor]) -> LockVendor:
    return vendors[name]


def lock_at(world: Any, vendor: LockVendor, door: dict[str, Any]) -> VendorLock:
    """Return the one lock at the door: the door itself, or a key behind it."""
    (lock,) = vendor.locks(world.credentials(vendor.name))
    assert lock.vendor_id.split("/")[0] == door["vendor_id"]
    return lock


def order(
    world: Any, vendor: LockVendor, door: dict[str, Any], variant: int = 1
) -> Order:
    """Return the order; a PIN of our choice differs from variant to variant."""
    lock = lock_at(world, vendor, door).vendor_id
    window = vendor.planner.plan(START, END, now=NOW, zone=ZONE)
    form, draw = vendor.pin_form, Random(variant).randrange  # noqa: S311
    pin = Secret(free_pin(form, draw, lambda _: False)) if form else None
    return Order(lock, window, variant, "B-1001", ZONE, pin)


def made(world: Any, vendor: LockVendor, wanted: Order) -> Issued:
    """Return the code, once the lock has confirmed it where it has to."""
    for _ in range(5):
        try:
            return vendor.issue(world.credentials(vendor.name), wanted)
        except VendorPending:
            world.call("POST", "/clock", advance="PT10S")
    raise AssertionError("the lock never confirmed")


def test_right_credentials_are_verified(world: Any, vendor: LockVendor) -> None:
    assert vendor.verify(world.credentials(vendor.name))


def test_every_wrong_secret_is_refused(world: Any, vendor: LockVendor) -> None:
    right = world.credentials(vendor.name)
    for field in vendor.fields:
        if field.secret and not field.optional:
            with pytest.raises(CredentialsRefused):
                vendor.verify({**right, field.name: Secret("wrong")})


def test_door_bought_later_is_listed_without_new_credentials(
    world: Any, vendor: LockVendor
) -> None:
    credentials = world.credentials(vendor.name)
    assert vendor.locks(credentials) == []
    door = world.add_door(vendor.name, timezone=ZONE.key)
    lock = lock_at(world, vendor, door)
    assert (lock.name.split(",")[0], lock.usable) == ("Door", True)


def test_code_opens_the_door_during_the_booking_and_not_before_or_after(
    world: Any, vendor: LockVendor
) -> None:
    door = world.add_door(vendor.name, timezone=ZONE.key)
    wanted = order(world, vendor, door)
    issued = made(world, vendor, wanted)
    pin, link = issued.pin.reveal(), issued.link
    assert wanted.window.end
    assert world.opens(door, pin, START, link)
    assert world.opens(door, pin, END - MINUTE, link)
    assert not world.opens(door, pin, wanted.window.start - MINUTE, link)
    assert not world.opens(door, pin, wanted.window.end + SECOND, link)


def test_repeated_order_gives_the_same_code(world: Any, vendor: LockVendor) -> None:
    wanted = order(world, vendor, world.add_door(vendor.name))
    first = made(world, vendor, wanted)
    again = made(world, vendor, replace(wanted, repeated=True))
    assert (again.pin, again.link) == (first.pin, first.link)


@pytest.mark.parametrize("skip", range(4))
def test_order_that_was_not_done_has_left_no_code(
    world: Any, vendor: LockVendor, skip: int
) -> None:
    wanted = order(world, vendor, world.add_door(vendor.name))
    busy = {"phase": "before", "effect": {"status": 429}, "skip": skip}
    world.call("POST", "/faults", vendor=vendor.name, **busy)
    before = world.call("GET", "/codes")
    try:
        vendor.issue(world.credentials(vendor.name), wanted)
    except (VendorPending, VendorUnknown):
        return  # these say that it may have been done
    except VendorError:
        assert world.call("GET", "/codes") == before


def test_variants_of_one_window_are_different_codes(
    world: Any, vendor: LockVendor
) -> None:
    door = world.add_door(vendor.name)
    count = vendor.planner.variants(order(world, vendor, door).window.kind)
    variants = range(1, count + 1)
    pins = {made(world, vendor, order(world, vendor, door, n)).pin for n in variants}
    assert len(pins) == count
