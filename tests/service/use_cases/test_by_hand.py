"""Codes by hand are made as asked for, or refused (IGL-09)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from service.clock import now
from service.domain.errors import NotPossible, NoWindow
from service.ports import VendorBusy
from service.store import accesses
from service.use_cases.by_hand import Wish, order, take_away
from tests.service.paper import Paper
from tests.service.shop import FIVE, THREE, Shop

if TYPE_CHECKING:
    from service.store.accesses import Access
    from tests.service.use_cases.conftest import Clock

HOURLY = Wish("hourly", THREE, FIVE, "Plumber")


def made(shop: Shop, wish: Wish = HOURLY, lock: str = "front") -> Access:
    return order(shop.service.parts, shop.locks[lock], wish, now())


def again(shop: Shop, access: Access) -> Access:
    return shop.service.parts.store.read(lambda tx: accesses.get(tx, access.id))


@pytest.mark.parametrize("kind", ["hourly", "permanent"])
def test_a_code_by_hand_is_made_as_asked_for(shop: Shop, kind: str) -> None:
    shop.rule()
    end = FIVE if kind == "hourly" else None
    access = made(shop, Wish(kind, THREE, end, "Plumber"))
    assert access.status == "in progress"
    shop.work()
    access = again(shop, access)
    assert (access.status, access.valid_from, access.valid_until) == (
        "created",
        THREE,
        end,
    )
    assert shop.paper.orders[0].name == "Plumber"
    assert shop.letterbox.taken == []


def test_what_does_not_fit_is_refused_and_not_rounded(shop: Shop) -> None:
    shop.rule()
    with pytest.raises(NoWindow, match="whole hours"):
        made(shop, Wish("hourly", THREE + timedelta(minutes=1), FIVE, "Plumber"))


@pytest.mark.parametrize("kind", ["hourly", "permanent"])
def test_a_code_that_is_made_late_opens_for_what_is_left(
    shop: Shop, clock: Clock, kind: str
) -> None:
    shop.rule()
    end = FIVE if kind == "hourly" else None
    access = made(shop, Wish(kind, THREE, end, "Plumber"))
    clock.move_to(THREE + timedelta(minutes=70))
    shop.work()
    access = again(shop, access)
    assert (access.status, access.start_at) == ("created", THREE)
    assert access.valid_from == THREE + timedelta(hours=1)
    assert access.valid_until == end


def test_a_code_whose_time_is_over_before_it_was_made_says_so(
    shop: Shop, clock: Clock
) -> None:
    shop.rule()
    access = made(shop)
    clock.move_to(FIVE)
    shop.work()
    access = again(shop, access)
    assert access.status == "failed"
    assert "its time was over before the vendor made it" in str(access.reason)
    assert shop.paper.orders == []


def test_a_lock_that_is_coupled_to_nothing_gets_none(shop: Shop) -> None:
    shop.rule("front")
    with pytest.raises(NotPossible, match="not coupled"):
        made(shop, lock="back")


def test_a_device_that_cannot_be_used_gets_none(shop: Shop) -> None:
    shop.rule("hub")
    with pytest.raises(NotPossible, match="no lock"):
        made(shop, lock="hub")


def test_a_code_by_hand_shares_no_variant_with_a_booking(shop: Shop) -> None:
    shop.rule()
    shop.tell("confirmed")
    made(shop)
    shop.work()
    assert sorted(each.variant for each in shop.paper.orders) == [1, 2]


def test_a_code_that_cannot_be_revoked_is_not_taken_away(shop: Shop) -> None:
    shop.rule()
    access = made(shop)
    shop.work()
    with pytest.raises(NotPossible, match="until 2026-12-01 17:00"):
        take_away(shop.service.parts, access.id, now())
    assert again(shop, access).cancelled_at is None


def test_a_code_that_is_not_made_yet_can_be_taken_away(shop: Shop) -> None:
    shop.rule()
    shop.paper.before.append(VendorBusy("out"))
    access = made(shop)
    shop.work()
    assert take_away(shop.service.parts, access.id, now()).status == "removed"
    assert shop.figures().next_at is None


def test_nobody_takes_away_what_the_vendor_is_being_asked_about(shop: Shop) -> None:
    shop.rule()
    access = made(shop)

    def meanwhile(_: object) -> None:
        with pytest.raises(NotPossible, match="try again soon"):
            take_away(shop.service.parts, access.id, now())

    shop.paper.meanwhile = meanwhile
    shop.work()
    assert again(shop, access).status == "created"


def test_a_revocable_code_by_hand_is_removed_once_the_vendor_said_so(
    clock: Clock, sqlite_url: str
) -> None:
    del clock
    shop = Shop(sqlite_url, paper=Paper(revocable=True))
    shop.rule()
    start = now().replace(minute=0, second=0, microsecond=0)
    access = made(shop, Wish("hourly", start, start + timedelta(hours=2), "Plumber"))
    shop.work()
    assert take_away(shop.service.parts, access.id, now()).status == "created"
    assert take_away(shop.service.parts, access.id, now()).due_at is not None
    shop.work()
    assert again(shop, access).status == "removed"
    assert shop.paper.codes == {}
    shop.close()
