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
from service.store.bookings import Outcome
from tests.service.env import ServiceEnv
from tests.service.stub_vendor import Killed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.service.use_cases.conftest import Clock

SENDERS = 8


@pytest.mark.parametrize("seed", range(3))
def test_the_same_event_ten_times_from_many_senders_makes_one_code(
    env_on_each_database: ServiceEnv, seed: int
) -> None:
    env = env_on_each_database
    env.rule()
    events = [env.event("confirmed")] * 10 + [env.event("paid")] * 10
    Random(seed).shuffle(events)  # noqa: S311 (an order, no secret)
    with ThreadPoolExecutor(SENDERS) as senders:
        receipts = list(senders.map(env.deliver, events))
    outcomes = [receipt.outcome for receipt in receipts]
    assert outcomes.count(Outcome.DUPLICATE) == len(events) - 2
    with ThreadPoolExecutor(SENDERS) as workers:
        list(workers.map(lambda _: env.work(), range(SENDERS)))
    env.work()
    assert len(env.accesses()) == len(env.stub_vendor.orders) == 1
    assert len(env.outbox.taken) == 1


@pytest.mark.parametrize("seed", range(5))
def test_with_its_cancellation_in_any_order_no_access_stays_wanted(
    env_on_each_database: ServiceEnv, seed: int
) -> None:
    env = env_on_each_database
    env.rule()
    later = now() + timedelta(minutes=1)
    cancelled = env.event("cancelled", occurred_at=later)
    events = [env.event("confirmed")] * 10 + [cancelled] * 10
    Random(seed).shuffle(events)  # noqa: S311 (an order, no secret)

    def deliver_and_work(number: int) -> None:
        env.deliver(events[number])
        env.work()

    with ThreadPoolExecutor(SENDERS) as senders:
        list(senders.map(deliver_and_work, range(len(events))))
    env.work()
    held = env.accesses()
    assert len(held) <= 1
    assert not any(access.wanted for access in held)
    assert len(env.stub_vendor.codes) == sum(
        access.status == "created" for access in held
    )
    assert len(env.outbox.mails) <= 1
    assert not any(message.status == "waiting" for message in env.messages())


def test_many_bookings_by_many_workers_each_get_one_code(
    env_on_each_database: ServiceEnv,
) -> None:
    env = env_on_each_database
    env.rule()
    refs = [f"B-{number}" for number in range(12)]
    for number, ref in enumerate(refs):
        ahead = timedelta(hours=4 * number)
        event = env.event("confirmed", ref)
        times = {"start": event.details.start + ahead, "end": event.details.end + ahead}
        env.send_event("confirmed", ref, **times)
    with ThreadPoolExecutor(SENDERS) as workers:
        list(workers.map(lambda _: env.work(), range(SENDERS)))
    env.work()
    assert len(env.stub_vendor.orders) == len(refs)
    assert len(env.outbox.taken) == len(refs)
    assert all(env.access(ref).status == "created" for ref in refs)


MOVES = st.lists(
    st.sampled_from(
        ["confirmed", "changed", "cancelled", "paid", "again", "work", "kill", "pass"]
    ),
    max_size=12,
)


@given(moves=MOVES)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_on_the_way_the_end_fits_the_booking(
    clock: Clock, tmp_path_factory: pytest.TempPathFactory, moves: list[str]
) -> None:
    clock.move_to("2026-12-01T08:00:00Z")
    folder: Path = tmp_path_factory.mktemp("any")
    env = ServiceEnv(f"sqlite:///{folder}/strikeplate.db")
    env.rule()
    answer = [env.event("confirmed")]
    for move in moves:
        _carry_out(env, clock, answer, move)
    env.deliver(answer[0])
    env.work()
    clock.move_to(now() + timedelta(minutes=30))
    env.work()
    ends = [event.occurred_at for event in answer if event.ends]
    begins = [each.occurred_at for each in answer if each.type == "booking.confirmed"]
    cancelled = bool(ends) and max(ends) >= max(begins)
    wanted = [access for access in env.accesses() if access.wanted]
    assert len(wanted) == (0 if cancelled else 1)
    for access in wanted:
        told = [event for event in reversed(answer) if not event.ends]
        last = max(told, key=lambda event: (event.occurred_at, event.rank))
        assert access.status == "created"
        assert access.start_at == last.details.start
        assert env.pin(access) in {pin for _, pin in env.stub_vendor.codes}
        mails = list(env.outbox.mails.values())
        assert env.pin(access) in mails[-1].body
    stats = env.queue_stats()
    assert (stats.due, stats.in_flight) == (0, 0)
    waiting = [*env.accesses(), *env.messages()]
    assert [each.due_at for each in waiting if each.due_at] == []
    env.close()


def _carry_out(env: ServiceEnv, clock: Clock, answer: list[object], move: str) -> None:
    at = now() + timedelta(minutes=len(answer))
    if move == "pass":
        clock.move_to(now() + timedelta(minutes=10))
    elif move == "work":
        env.work()
    elif move == "again":
        env.deliver(answer[-1])
    elif move == "kill":
        env.stub_vendor.after.append(Killed())
        try:
            env.work()
        except Killed:
            env.restart()
        env.stub_vendor.after.clear()
    else:
        event = env.event(move, occurred_at=at)
        if move == "changed":
            ahead = timedelta(days=len(answer))
            start, end = event.details.start + ahead, event.details.end + ahead
            event = env.event(move, occurred_at=at, start=start, end=end)
        answer.append(event)
        env.deliver(event)
