"""Room leaves a place for whoever comes next, however much one lane wants."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from service.worker import ConcurrencyLimiter


def filled(limiter: ConcurrencyLimiter, partition: str) -> int:
    number = 0
    while limiter.acquire(partition):
        number += 1
    return number


def test_one_lane_gets_its_most_and_no_more() -> None:
    assert filled(ConcurrencyLimiter(slots=32, per_partition=8), "a") == 8


def test_lanes_that_take_all_they_can_leave_places_for_others() -> None:
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


def test_a_single_place_serves_one_lane_at_a_time() -> None:
    limiter = ConcurrencyLimiter(slots=1, per_partition=1)
    assert limiter.acquire("a")
    assert not limiter.acquire("b")


def test_a_copy_is_tried_without_touching_the_room() -> None:
    limiter = ConcurrencyLimiter(slots=4, per_partition=2)
    assert filled(limiter.copy(), "a") == 2
    assert limiter.free == 4


def test_room_for_one_lane_is_for_no_other() -> None:
    limiter = ConcurrencyLimiter(slots=2, per_partition=2, only="a")
    assert not limiter.copy().acquire("b")
    assert limiter.acquire("a")


@given(st.lists(st.sampled_from("abc"), max_size=60))
def test_the_last_place_goes_to_a_lane_that_holds_none(partitions: list[str]) -> None:
    limiter = ConcurrencyLimiter(slots=16, per_partition=8)
    for partition in partitions:
        limiter.acquire(partition)
    assert limiter.free >= 1
    assert limiter.acquire("newcomer")
