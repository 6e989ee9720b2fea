"""A slot stays free for the next partition, however many calls one wants to make."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.limiter import Bulkhead, ConcurrencyLimiter
from service.ports import VendorBusy


def filled(limiter: ConcurrencyLimiter, partition: str) -> int:
    number = 0
    while limiter.acquire(partition):
        number += 1
    return number


def test_one_partition_gets_its_maximum_and_no_more() -> None:
    assert filled(ConcurrencyLimiter(slots=32, per_partition=8), "a") == 8


def test_partitions_that_take_all_they_can_leave_slots_for_others() -> None:
    limiter = ConcurrencyLimiter(slots=32, per_partition=8)
    assert [filled(limiter, partition) for partition in "abcdef"] == [8, 8, 8, 4, 2, 1]
    assert limiter.free == 1
    assert limiter.acquire("g")


def test_a_place_given_back_can_be_taken_again() -> None:
    limiter = ConcurrencyLimiter(slots=2, per_partition=1)
    assert limiter.acquire("a")
    assert not limiter.acquire("a")
    assert limiter.full == ["a"]
    limiter.release("a")
    assert limiter.full == []
    assert limiter.acquire("a")


def test_a_single_slot_serves_one_partition_at_a_time() -> None:
    limiter = ConcurrencyLimiter(slots=1, per_partition=1)
    assert limiter.acquire("a")
    assert not limiter.acquire("b")


def test_a_copy_is_used_without_changing_the_limiter() -> None:
    limiter = ConcurrencyLimiter(slots=4, per_partition=2)
    assert filled(limiter.copy(), "a") == 2
    assert limiter.free == 4


def test_limiter_for_one_partition_is_for_no_other() -> None:
    limiter = ConcurrencyLimiter(slots=2, per_partition=2, only="a")
    assert not limiter.copy().acquire("b")
    assert limiter.acquire("a")


@given(st.lists(st.sampled_from("abc"), max_size=60))
def test_the_last_slot_goes_to_a_partition_without_one(partitions: list[str]) -> None:
    limiter = ConcurrencyLimiter(slots=16, per_partition=8)
    for partition in partitions:
        limiter.acquire(partition)
    assert limiter.free >= 1
    assert limiter.acquire("newcomer")


def test_bulkhead_leaves_slots_to_other_connections_and_refuses_at_once() -> None:
    bulkhead = Bulkhead(8)
    with ExitStack() as hanging:
        for _ in range(4):
            hanging.enter_context(bulkhead.slot("hangs"))
        with pytest.raises(VendorBusy, match="try again"), bulkhead.slot("hangs"):
            pass
        with bulkhead.slot("other"):
            pass
    with bulkhead.slot("hangs"):
        pass


def test_bulkhead_frees_the_slot_of_a_call_that_failed() -> None:
    bulkhead = Bulkhead(2)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), bulkhead.slot("a"):
            raise ZeroDivisionError
