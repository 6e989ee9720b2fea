"""When a call is made again, and when what is on its way is polled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from service.domain.retry import (
    LONGEST_WAIT,
    ask_again_at,
    next_poll_at,
    next_try,
    wait_to_poll,
    wait_to_retry,
)

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def test_waits_double_up_to_a_quarter_of_an_hour() -> None:
    waits = [wait_to_retry(attempts) / seconds(1) for attempts in range(1, 11)]
    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]
    assert wait_to_retry(10**9) == LONGEST_WAIT


def test_spread_lengthens_a_wait_by_up_to_a_quarter() -> None:
    assert wait_to_retry(3, spread=0.5) == seconds(22.5)


def test_retry_after_is_honoured_up_to_an_hour() -> None:
    tomorrow = timedelta(days=1)
    asked = next_try(1, now=NOW, until=None, retry_after=seconds(90))
    assert asked == NOW + seconds(90)
    too_long = next_try(1, now=NOW, until=None, retry_after=tomorrow)
    assert too_long == NOW + timedelta(hours=1)


def test_retry_after_does_not_shorten_a_wait() -> None:
    due = next_try(5, now=NOW, until=None, retry_after=seconds(1))
    assert due == NOW + seconds(80)


def test_tries_come_closer_together_towards_the_end() -> None:
    assert next_try(10, now=NOW, until=NOW + seconds(60)) == NOW + seconds(30)


def test_nothing_is_tried_once_the_window_is_over() -> None:
    assert next_try(1, now=NOW, until=NOW + seconds(5)) is None
    assert next_try(1, now=NOW, until=NOW - seconds(5)) is None


def test_wait_asked_for_beyond_the_end_is_overruled() -> None:
    late = next_try(1, now=NOW, until=NOW + seconds(60), retry_after=seconds(90))
    assert late == NOW + seconds(30)
    assert next_try(9, now=NOW, until=NOW + seconds(4), retry_after=seconds(90)) is None


@given(
    st.integers(1, 10**6),
    st.timedeltas(timedelta(), timedelta(days=400)),
    st.none() | st.timedeltas(timedelta(), timedelta(days=2)),
    st.floats(0, 1),
)
def test_any_try_lies_between_now_and_the_end(
    attempts: int, left: timedelta, retry_after: timedelta | None, spread: float
) -> None:
    until = NOW + left
    due = next_try(
        attempts, now=NOW, until=until, retry_after=retry_after, spread=spread
    )
    assert due is None or NOW + seconds(5) <= due < until


NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_first_look_comes_within_seconds() -> None:
    assert next_poll_at(1, now=NOON, until=None) == NOON + timedelta(seconds=2)


def test_looks_grow_apart_to_a_quarter_of_an_hour_and_no_further() -> None:
    waits = [wait_to_poll(polls) for polls in range(1, 40)]
    assert waits == sorted(waits)
    assert waits[-1] == 15 * MINUTE


def test_polls_of_many_accesses_spread_out() -> None:
    lone = next_poll_at(30, now=NOON, until=None)
    other = next_poll_at(30, now=NOON, until=None, spread=1.0)
    assert (lone, other) == (NOON + 15 * MINUTE, NOON + 18.75 * MINUTE)


def test_what_has_just_been_ordered_is_looked_at_soon_however_long_it_took() -> None:
    assert next_poll_at(30, now=NOON, until=None, retry_after=MINUTE) == NOON + MINUTE


def test_no_look_comes_after_the_window() -> None:
    assert next_poll_at(30, now=NOON, until=NOON + MINUTE) is None


def test_refused_order_is_tried_at_its_start_and_hourly_from_then_on() -> None:
    start, end = NOW + timedelta(minutes=40), NOW + timedelta(hours=8)
    assert ask_again_at(6, now=NOW, start=start, until=end) == start
    hour = timedelta(hours=1)
    assert ask_again_at(6, now=start, start=start, until=end) == start + hour
    assert ask_again_at(1, now=start, start=start, until=end) == start + seconds(60)
    assert ask_again_at(6, now=end - hour, start=start, until=end) is None
