"""Looks come close together first and grow apart, and end with the window."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from service.domain.retry import next_poll_at, wait_to_poll

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
