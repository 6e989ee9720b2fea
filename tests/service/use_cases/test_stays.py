"""Whose time with a key matters is found without those whose time is over."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from service.domain.keys import Stay
from service.store import accesses
from service.store.stays import last_stay, stays_from
from tests.service.shop import THREE

if TYPE_CHECKING:
    from datetime import datetime

    from service.store.tx import Tx
    from tests.service.shop import Shop

HOUR = timedelta(hours=1)
BOOKED = range(6)
CANCELLED = (1, 4)


@pytest.fixture
def lock(shop_anywhere: Shop) -> str:
    """Return a lock that was booked each other hour; some bookings are cancelled."""
    shop = shop_anywhere
    shop.rule()
    for number in BOOKED:
        start = THREE + number * 2 * HOUR
        shop.tell("confirmed", f"B-{number}", start=start, end=start + HOUR)
    shop.work()
    for number in CANCELLED:
        start = THREE + number * 2 * HOUR
        shop.tell("cancelled", f"B-{number}", start=start, end=start + HOUR)
    shop.work()
    return shop.locks["front"].id


@pytest.mark.parametrize("hours", range(13))
def test_it_is_the_same_as_looking_at_all(
    shop_anywhere: Shop, lock: str, hours: int
) -> None:
    at = THREE + hours * HOUR
    store = shop_anywhere.service.parts.store
    known = store.read(lambda tx: _all(tx, lock))
    found = store.read(lambda tx: stays_from(tx, lock, at))
    last = store.read(lambda tx: last_stay(tx, lock, at))
    assert len(known) == len(BOOKED)
    assert {stay for stay in found if stay.end > at} == {
        stay for stay in known if stay.end > at
    }
    assert [stay.end for stay in last] == _latest(known, at)


def _all(tx: Tx, lock: str) -> list[Stay]:
    return [
        Stay(each.id, each.valid_from, each.ends_at)
        for each in accesses.of_lock(tx, lock)
        if each.created_at and each.valid_from and each.ends_at
    ]


def _latest(known: list[Stay], at: datetime) -> list[datetime]:
    ends = [stay.end for stay in known if stay.end <= at]
    return [max(ends)] if ends else []
