"""Worker threads: at once when there is work, and nobody waits for anybody's vendor.

These run in real time, and wait for things to happen, never for time to pass.
"""

from __future__ import annotations

from datetime import timedelta
from statistics import median
from threading import Event, Lock
from time import perf_counter
from typing import TYPE_CHECKING

import pytest

from service import worker
from service.worker import LANES, LOOK_SECONDS
from tests.service.shop import THREE, Shop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from service.ports import Order

PATIENCE = 30.0
FEW = 2


@pytest.fixture
def shop(database_url: str) -> Iterator[Shop]:
    shop = Shop(database_url, workers=FEW)
    shop.rule()
    yield shop
    shop.close()


def hours(number: int) -> dict[str, datetime]:
    """Return a start and an end of their own for each number."""
    start = THREE + timedelta(hours=2 * number)
    return {"start": start, "end": start + timedelta(hours=1)}


def wait_until_idle(shop: Shop) -> None:
    quiet = Event()
    while (figures := shop.figures()).due or figures.in_flight:
        quiet.wait(0.005)


def test_an_event_is_picked_up_at_once_and_not_by_looking_now_and_then(
    shop: Shop,
) -> None:
    took = []
    for number in range(15):
        asked = Event()
        shop.paper.meanwhile = lambda _, asked=asked: asked.set()
        event = shop.event("confirmed", f"B-{number}", **hours(number))
        begun = perf_counter()
        shop.deliver(event)
        shop.service.wake()
        assert asked.wait(PATIENCE)
        took.append(perf_counter() - begun)
        wait_until_idle(shop)
    assert median(took) < LOOK_SECONDS / 2


def test_a_vendor_that_hangs_holds_up_no_other_connection(shop: Shop) -> None:
    hangs, over = Event(), Event()
    slow = shop.paper

    def hang(order: Order) -> None:
        if order.name.startswith("slow"):
            hangs.set()
            assert over.wait(PATIENCE)

    slow.meanwhile = hang
    try:
        for number in range(3 * FEW * LANES):
            shop.tell("confirmed", f"slow-{number}", **hours(number))
        shop.service.wake()
        assert hangs.wait(PATIENCE)
        other = Shop(shop.database_url, slow, shop.letterbox, beside=shop)
        other.rule()
        other.tell("confirmed", "quick")
        shop.service.wake()
        quiet = Event()
        while not other.letterbox.taken:
            quiet.wait(0.005)
        assert other.access("quick").status == "created"
        names = [order.name for order in slow.orders]
        assert len([name for name in names if name.startswith("slow")]) == FEW
    finally:
        over.set()


def test_a_lane_with_much_to_do_never_has_more_calls_under_way_than_places(
    shop: Shop,
) -> None:
    counting, under_way, most = Lock(), 0, 0

    def count(_: Order) -> None:
        nonlocal under_way, most
        with counting:
            under_way += 1
            most = max(most, under_way)
        pause.wait(0.002)
        with counting:
            under_way -= 1

    pause, shop.paper.meanwhile = Event(), count
    refs = [f"B-{number}" for number in range(10 * FEW)]
    for number, ref in enumerate(refs):
        shop.tell("confirmed", ref, **hours(number))
    shop.service.wake()
    wait_until_idle(shop)
    assert most == FEW
    assert sorted(order.name for order in shop.paper.orders) == sorted(refs)
    assert {shop.access(ref).status for ref in refs} == {"created"}


def test_a_message_goes_out_at_once_though_its_lane_has_more_to_do(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "LOOK_SECONDS", 10 * PATIENCE)  # looks help nobody
    over, quiet = Event(), Event()

    def hang(order: Order) -> None:
        if order.name != "first":
            assert over.wait(PATIENCE)

    shop.paper.meanwhile = hang
    try:
        for number, ref in enumerate(["first", *(f"B-{n}" for n in range(3 * FEW))]):
            shop.tell("confirmed", ref, **hours(number))
        until = perf_counter() + PATIENCE
        shop.service.wake()
        while not shop.letterbox.taken:
            assert perf_counter() < until
            quiet.wait(0.002)
    finally:
        over.set()


def test_a_worker_with_nothing_to_do_uses_no_time(shop: Shop) -> None:
    wait_until_idle(shop)
    assert shop.service.work() == 0
    assert shop.figures().next_at is None


def test_closing_waits_for_what_is_under_way(shop: Shop) -> None:
    asked = Event()
    shop.paper.meanwhile = lambda _: asked.set()
    shop.tell("confirmed")
    shop.service.wake()
    assert asked.wait(PATIENCE)
    shop.restart()
    assert shop.access().status == "created"
