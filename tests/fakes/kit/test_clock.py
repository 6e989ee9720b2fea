from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.kit.clock import LONGEST_CHAIN, BackwardsError, Clock, Due, EndlessError

START = datetime(2026, 12, 1, 9, tzinfo=UTC)
seconds = st.integers(min_value=0, max_value=3600)


def later(span: float) -> datetime:
    return START + timedelta(seconds=span)


@given(st.lists(seconds), seconds)
def test_what_is_due_runs_in_order_and_the_clock_stops_at_the_target(
    spans: list[int], stop: int
) -> None:
    clock = Clock(START)
    for number, span in enumerate(spans):
        clock.call_at(later(span), "ring", number=number)
    seen: list[datetime] = []

    def run(due: Due) -> dict[str, int]:
        seen.append(clock.now)
        return due.args

    ran = clock.move_to(later(stop), run)

    expected = sorted((s, n) for n, s in enumerate(spans) if s <= stop)
    assert [(row["at"], row["number"]) for row in ran] == [
        (later(span), number) for span, number in expected
    ]
    assert seen == [row["at"] for row in ran]
    assert clock.now == later(stop)
    left = [span for span in spans if span > stop]
    assert clock.next_at == (later(min(left)) if left else None)


@given(st.integers(min_value=1, max_value=600), st.integers(min_value=0, max_value=30))
def test_what_is_scheduled_on_the_way_runs_on_the_way(gap: int, times: int) -> None:
    clock = Clock(START)
    clock.call_in(timedelta(seconds=gap), "again")
    seen: list[datetime] = []

    def run(due: Due) -> None:
        seen.append(due.at)
        clock.call_in(timedelta(seconds=gap), due.task)

    assert clock.move_to(later(gap * times), run) == []
    assert seen == [later(gap * n) for n in range(1, times + 1)]


@given(st.lists(seconds), st.lists(seconds, min_size=1))
def test_many_small_moves_run_the_same_as_one_large(
    spans: list[int], stops: list[int]
) -> None:
    def lived(targets: list[int]) -> list[tuple[datetime, int]]:
        clock = Clock(START)
        for number, span in enumerate(spans):
            clock.call_at(later(span), "ring", number=number)
        rows = [row for t in targets for row in clock.move_to(later(t), _args)]
        return [(row["at"], row["number"]) for row in rows]

    assert lived(sorted(stops)) == lived([max(stops)])


def _args(due: Due) -> dict[str, int]:
    return due.args


def test_clock_that_is_told_to_go_back_names_both_instants() -> None:
    clock = Clock(START)
    with pytest.raises(BackwardsError) as refused:
        clock.move_to(later(-1), _args)
    assert "2026-12-01T09:00:00+00:00" in str(refused.value)
    assert "2026-12-01T08:59:59+00:00" in str(refused.value)
    assert clock.now == START


def test_instant_in_the_past_means_now() -> None:
    clock = Clock(START)
    clock.call_at(later(-60), "late")
    assert clock.next_at == START


def test_thing_due_at_this_instant_runs_in_a_move_of_no_length() -> None:
    clock = Clock(START)
    clock.call_at(START, "ring", number=1)
    assert clock.move_to(START, _args) == [{"at": START, "what": "ring", "number": 1}]


@pytest.mark.parametrize("tasks", [["again"], ["ping", "pong"]])
def test_task_that_comes_due_for_ever_is_named_with_its_instant(
    tasks: list[str],
) -> None:
    clock = Clock(START)
    clock.call_at(later(60), tasks[0])

    def run(due: Due) -> None:
        clock.call_at(due.at, tasks[tasks.index(due.task) - 1])

    for _ in range(2):
        with pytest.raises(EndlessError, match=r"'(again|ping|pong)'") as endless:
            clock.move_to(later(3600), run)
        assert "2026-12-01T09:01:00+00:00" in str(endless.value)
        assert clock.now == later(60)


def test_very_many_things_may_be_due_at_one_instant() -> None:
    clock = Clock(START)
    for number in range(2 * LONGEST_CHAIN):
        clock.call_at(later(60), "ring", number=number)
    assert len(clock.move_to(later(60), _args)) == 2 * LONGEST_CHAIN


def test_task_may_follow_itself_very_often_when_time_passes_between() -> None:
    clock = Clock(START)
    clock.call_at(START, "again")

    def run(due: Due) -> dict[str, int]:
        clock.call_at(due.at + timedelta(microseconds=1), due.task)
        return {}

    clock.move_to(later(0.002), run)
    assert clock.now == later(0.002)


class Wall:
    """A wall clock that is turned by hand."""

    def __init__(self) -> None:
        self.at = datetime(2030, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, span: float) -> None:
        self.at += timedelta(seconds=span)


def test_clock_without_a_start_runs_at_the_real_present() -> None:
    wall = Wall()
    clock = Clock(present=wall)
    wall.pass_(5)
    clock.catch_up(_args)
    assert (clock.mode, clock.now) == ("running", wall.at)


def test_running_clock_keeps_its_distance_after_a_move() -> None:
    wall = Wall()
    clock = Clock(START, present=wall)
    clock.start()
    clock.move_to(later(3600), _args)
    wall.pass_(10)
    clock.catch_up(_args)
    assert clock.now == later(3610)


def test_stopped_clock_stays_whatever_the_wall_clock_does() -> None:
    wall = Wall()
    clock = Clock(START, present=wall)
    clock.start()
    clock.stop()
    wall.pass_(10)
    clock.catch_up(_args)
    assert clock.now == START


def test_wall_clock_that_is_set_back_does_not_turn_a_world_back() -> None:
    wall = Wall()
    clock = Clock(present=wall)
    before = clock.now
    wall.pass_(-3600)
    clock.catch_up(_args)
    assert clock.now == before


@given(st.lists(seconds, min_size=1), seconds)
def test_clock_that_was_dumped_and_loaded_has_the_same_future(
    spans: list[int], stop: int
) -> None:
    first = Clock(START)
    for number, span in enumerate(spans):
        first.call_at(later(span), "ring", number=number)
    first.move_to(later(stop), _args)
    second = Clock(later(99_999))
    second.load(first.dump())
    assert second.now == first.now
    assert second.move_to(later(3600), _args) == first.move_to(later(3600), _args)


def test_what_was_scheduled_shortly_before_is_under_way_and_what_is_old_is_not() -> (
    None
):
    clock, minute = Clock(START), timedelta(minutes=1)
    clock.call_at(later(3600), "end")
    assert clock.under_way_at(minute) is None
    clock.move_to(later(3590), _args)
    assert clock.next_at == later(3600)
    assert clock.under_way_at(minute) is None
    clock.call_at(later(3620), "arrive")
    assert clock.under_way_at(minute) == later(3620)


def test_running_clock_goes_at_its_speed() -> None:
    present = [START]
    clock = Clock(present=lambda: present[0])
    clock.start(speed=60)
    present[0] += timedelta(seconds=10)
    clock.catch_up(lambda _: None)
    assert clock.now == later(600)
    clock.start(speed=0.5)
    present[0] += timedelta(seconds=10)
    clock.catch_up(lambda _: None)
    assert clock.now == later(605)
    restored = Clock(START)
    restored.load(clock.dump())
    assert restored.speed == 0.5
