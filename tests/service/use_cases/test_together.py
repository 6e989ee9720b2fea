"""Senders and workers at once, in any order, end as one after the other would."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.clock import now
from service.store.events import Outcome
from tests.service.paper import Killed
from tests.service.shop import Shop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.service.use_cases.conftest import Clock

SENDERS = 8


@pytest.mark.parametrize("seed", range(3))
def test_the_same_event_ten_times_from_many_senders_makes_one_code(
    shop_anywhere: Shop, seed: int
) -> None:
    shop = shop_anywhere
    shop.rule()
    events = [shop.event("confirmed")] * 10 + [shop.event("paid")] * 10
    Random(seed).shuffle(events)  # noqa: S311 (an order, no secret)
    with ThreadPoolExecutor(SENDERS) as senders:
        receipts = list(senders.map(shop.deliver, events))
    outcomes = [receipt.outcome for receipt in receipts]
    assert outcomes.count(Outcome.DUPLICATE) == len(events) - 2
    with ThreadPoolExecutor(SENDERS) as workers:
        list(workers.map(lambda _: shop.work(), range(SENDERS)))
    shop.work()
    assert len(shop.accesses()) == len(shop.paper.orders) == 1
    assert len(shop.letterbox.taken) == 1


@pytest.mark.parametrize("seed", range(5))
def test_with_its_cancellation_in_any_order_no_access_stays_wanted(
    shop_anywhere: Shop, seed: int
) -> None:
    shop = shop_anywhere
    shop.rule()
    later = now() + timedelta(minutes=1)
    cancelled = shop.event("cancelled", occurred_at=later)
    events = [shop.event("confirmed")] * 10 + [cancelled] * 10
    Random(seed).shuffle(events)  # noqa: S311 (an order, no secret)

    def deliver_and_work(number: int) -> None:
        shop.deliver(events[number])
        shop.work()

    with ThreadPoolExecutor(SENDERS) as senders:
        list(senders.map(deliver_and_work, range(len(events))))
    shop.work()
    held = shop.accesses()
    assert len(held) <= 1
    assert not any(access.wanted for access in held)
    assert len(shop.paper.codes) == sum(access.status == "created" for access in held)
    assert len(shop.letterbox.letters) <= 1
    assert not any(message.status == "waiting" for message in shop.messages())


def test_many_bookings_by_many_workers_each_get_one_code(
    shop_anywhere: Shop,
) -> None:
    shop = shop_anywhere
    shop.rule()
    refs = [f"B-{number}" for number in range(12)]
    for number, ref in enumerate(refs):
        ahead = timedelta(hours=4 * number)
        event = shop.event("confirmed", ref)
        times = {"start": event.details.start + ahead, "end": event.details.end + ahead}
        shop.tell("confirmed", ref, **times)
    with ThreadPoolExecutor(SENDERS) as workers:
        list(workers.map(lambda _: shop.work(), range(SENDERS)))
    shop.work()
    assert len(shop.paper.orders) == len(refs)
    assert len(shop.letterbox.taken) == len(refs)
    assert all(shop.access(ref).status == "created" for ref in refs)


MOVES = st.lists(
    st.sampled_from(
        ["confirmed", "changed", "cancelled", "paid", "again", "work", "kill", "pass"]
    ),
    max_size=12,
)


@given(moves=MOVES)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_happens_on_the_way_the_end_fits_the_booking(
    clock: Clock, tmp_path_factory: pytest.TempPathFactory, moves: list[str]
) -> None:
    clock.move_to("2026-12-01T08:00:00Z")
    folder: Path = tmp_path_factory.mktemp("any")
    shop = Shop(f"sqlite:///{folder}/strikeplate.db")
    shop.rule()
    told = [shop.event("confirmed")]
    for move in moves:
        _carry_out(shop, clock, told, move)
    shop.deliver(told[0])
    shop.work()
    clock.move_to(now() + timedelta(minutes=30))
    shop.work()
    cancelled = any(event.type == "booking.cancelled" for event in told[1:])
    wanted = [access for access in shop.accesses() if access.wanted]
    assert len(wanted) == (0 if cancelled else 1)
    for access in wanted:
        last = max(told, key=lambda event: (event.occurred_at, event.id))
        assert access.status == "created"
        assert access.start_at == last.details.start
        assert shop.pin(access) in {pin for _, pin in shop.paper.codes}
        letters = list(shop.letterbox.letters.values())
        assert shop.pin(access) in letters[-1].body
    assert shop.figures() == type(shop.figures())(0, 0, None)
    shop.close()


def _carry_out(shop: Shop, clock: Clock, told: list[object], move: str) -> None:
    at = now() + timedelta(minutes=len(told))
    if move == "pass":
        clock.move_to(now() + timedelta(minutes=10))
    elif move == "work":
        shop.work()
    elif move == "again":
        shop.deliver(told[-1])
    elif move == "kill":
        shop.paper.after.append(Killed())
        try:
            shop.work()
        except Killed:
            shop.restart()
        shop.paper.after.clear()
    else:
        event = shop.event(move, occurred_at=at)
        if move == "changed":
            ahead = timedelta(days=len(told))
            start, end = event.details.start + ahead, event.details.end + ahead
            event = shop.event(move, occurred_at=at, start=start, end=end)
        told.append(event)
        shop.deliver(event)
