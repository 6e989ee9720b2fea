"""What is over is kept for the set time, then cleared; what opens a door is not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from service.clock import now
from service.store import accesses, bookings, events, messages
from service.use_cases.by_hand import Wish, order
from service.use_cases.sweep import sweep
from tests.service.shop import FIVE, THREE

if TYPE_CHECKING:
    from tests.service.shop import Shop
    from tests.service.use_cases.conftest import Clock

DAY = timedelta(days=1)
SHELVES = (events.SHELF, bookings.SHELF, accesses.SHELF, messages.SHELF)


def kept(shop: Shop) -> list[int]:
    store = shop.service.parts.store
    return store.read(lambda tx: [len(shelf.all(tx)) for shelf in SHELVES])


def test_a_booking_is_kept_for_the_set_time_and_cleared_as_a_whole(
    shop: Shop, clock: Clock
) -> None:
    shop.rule()
    shop.tell("confirmed")
    shop.work()
    days = shop.service.parts.settings.keep_days
    clock.move_to(FIVE + days * DAY)
    shop.work()
    assert kept(shop) == [1, 1, 1, 1]
    clock.move_to(FIVE + days * DAY + timedelta(hours=1))
    shop.work()
    assert kept(shop) == [0, 0, 0, 0]


def test_a_code_that_still_opens_keeps_its_booking(shop: Shop, clock: Clock) -> None:
    shop.rule(margin_after_hours=168)
    shop.tell("confirmed")
    shop.work()
    days = shop.service.parts.settings.keep_days
    clock.move_to(FIVE + days * DAY + timedelta(hours=1))
    assert sweep(shop.service.parts, now()) == 0
    clock.move_to(FIVE + (days + 8) * DAY)
    assert sweep(shop.service.parts, now()) == 2


def test_a_membership_is_kept_until_it_has_been_over_for_the_set_time(
    shop: Shop, clock: Clock
) -> None:
    days = shop.service.parts.settings.keep_days
    started = shop.event("started", "membership:M-1", resource="gold", end=None)
    shop.deliver(started)
    clock.move_to(THREE + 1000 * DAY)
    assert sweep(shop.service.parts, now()) == 0
    ended = shop.event("ended", "membership:M-1", resource="gold", end=None)
    shop.deliver(ended)
    assert sweep(shop.service.parts, now()) == 0
    clock.move_to(THREE + (1001 + days) * DAY)
    assert sweep(shop.service.parts, now()) == 3


def test_codes_by_hand_are_cleared_by_their_own_end(shop: Shop, clock: Clock) -> None:
    shop.rule()
    parts, front = shop.service.parts, shop.locks["front"]
    order(parts, front, Wish("hourly", THREE, FIVE, "Plumber"), now())
    order(parts, front, Wish("permanent", THREE, None, "Owner"), now())
    shop.work()
    clock.move_to(FIVE + 400 * DAY)
    assert sweep(parts, now()) == 1
    (left,) = parts.store.read(accesses.SHELF.all)
    assert left.kind == "permanent"


def test_an_event_without_a_booking_is_cleared_by_its_age(
    shop: Shop, clock: Clock
) -> None:
    shop.tell("confirmed", resource="attic")
    assert kept(shop)[:2] == [1, 1]
    clock.move_to(now() + 400 * DAY)
    shop.work()
    assert kept(shop) == [0, 0, 0, 0]
