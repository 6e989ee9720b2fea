"""Worker threads: at once when there is work, and nobody waits for anybody's vendor.

These run in real time, and wait for things to happen, never for time to pass.
"""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Event, Lock, Semaphore
from time import perf_counter
from typing import TYPE_CHECKING

import pytest

from service import worker
from service.worker import PARTITIONS
from tests.service.env import THREE, ServiceEnv

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from service.ports import Order

PATIENCE = 30.0
FEW = 2


@pytest.fixture
def env(database_url: str) -> Iterator[ServiceEnv]:
    env = ServiceEnv(database_url, workers=FEW)
    env.rule()
    yield env
    env.close()


def hours(number: int) -> dict[str, datetime]:
    """Return a start and an end of their own for each number."""
    start = THREE + timedelta(hours=2 * number)
    return {"start": start, "end": start + timedelta(hours=1)}


def wait_until(holds: Callable[[], object]) -> None:
    """Return once the condition holds; fail after the patience."""
    pause, end = Event(), perf_counter() + PATIENCE
    while not holds():
        assert perf_counter() < end
        pause.wait(0.005)


def is_idle(env: ServiceEnv) -> bool:
    queue_stats = env.queue_stats()
    return not queue_stats.due and not queue_stats.in_flight


def test_an_event_is_picked_up_at_once_and_not_by_looking_now_and_then(
    env: ServiceEnv, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "POLL_SECONDS", 10 * PATIENCE)  # polling does not help
    for number in range(15):
        asked = Event()
        env.stub_vendor.meanwhile = lambda _, asked=asked: asked.set()
        event = env.event("confirmed", f"B-{number}", **hours(number))
        env.deliver(event)
        env.service.wake()
        assert asked.wait(PATIENCE)
        wait_until(lambda: is_idle(env))


def test_a_vendor_that_hangs_holds_up_no_other_connection(env: ServiceEnv) -> None:
    hanging, over = Semaphore(0), Event()
    slow = env.stub_vendor

    def block(order: Order) -> None:
        if order.name.startswith("slow"):
            hanging.release()
            assert over.wait(PATIENCE)

    slow.meanwhile = block
    try:
        for number in range(3 * FEW * PARTITIONS):
            env.send_event("confirmed", f"slow-{number}", **hours(number))
        env.service.wake()
        for _ in range(FEW):
            assert hanging.acquire(timeout=PATIENCE)
        other = ServiceEnv(env.database_url, slow, env.outbox, sharing=env)
        other.rule()
        other.send_event("confirmed", "quick")
        env.service.wake()
        wait_until(lambda: other.outbox.taken)
        assert other.access("quick").status == "created"
        names = [order.name for order in slow.orders]
        assert len([name for name in names if name.startswith("slow")]) == FEW
    finally:
        over.set()


def test_a_busy_partition_never_has_more_calls_under_way_than_slots(
    env: ServiceEnv,
) -> None:
    counting, under_way, most = Lock(), 0, 0
    together = Barrier(FEW)  # the first calls wait until all places are taken

    def count(order: Order) -> None:
        nonlocal under_way, most
        with counting:
            under_way += 1
            most = max(most, under_way)
        if order.name in refs[:FEW]:
            together.wait(PATIENCE)
        pause.wait(0.002)
        with counting:
            under_way -= 1

    pause, env.stub_vendor.meanwhile = Event(), count
    refs = [f"B-{number}" for number in range(10 * FEW)]
    for number, ref in enumerate(refs):
        env.send_event("confirmed", ref, **hours(number))
    env.service.wake()
    wait_until(lambda: is_idle(env))
    assert most == FEW
    assert sorted(order.name for order in env.stub_vendor.orders) == sorted(refs)
    assert {env.access(ref).status for ref in refs} == {"created"}


def test_a_message_goes_out_at_once_though_its_partition_has_more_to_do(
    env: ServiceEnv, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "POLL_SECONDS", 10 * PATIENCE)  # polling does not help
    over = Event()

    def block(order: Order) -> None:
        if order.name != "first":
            assert over.wait(PATIENCE)

    env.stub_vendor.meanwhile = block
    try:
        for number, ref in enumerate(["first", *(f"B-{n}" for n in range(3 * FEW))]):
            env.send_event("confirmed", ref, **hours(number))
        env.service.wake()
        wait_until(lambda: env.outbox.taken)
    finally:
        over.set()


def test_a_worker_with_nothing_to_do_uses_no_time(env: ServiceEnv) -> None:
    wait_until(lambda: is_idle(env))
    assert env.service.work() == 0
    assert env.queue_stats().next_at is None


def test_closing_waits_for_what_is_under_way(env: ServiceEnv) -> None:
    asked = Event()
    env.stub_vendor.meanwhile = lambda _: asked.set()
    env.send_event("confirmed")
    env.service.wake()
    assert asked.wait(PATIENCE)
    env.restart()
    assert env.access().status == "created"
