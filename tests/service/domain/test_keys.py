"""Where a key is and who has it, from what was seen and whose time it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.keys import (
    POLL_EVERY,
    HoldPeriod,
    Key,
    KeyObservation,
    KeyPlace,
    apply_observation,
    next_poll_at,
    place,
)
from service.domain.rules import Returning

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
# Ada's time is noon to six, Bo's six to midnight
STAYS = [
    HoldPeriod("ada", NOON, NOON + 6 * HOUR),
    HoldPeriod("bo", NOON + 6 * HOUR, NOON + 12 * HOUR),
]


def at(hours: float) -> datetime:
    return NOON + hours * HOUR


def seen(*, inside: bool, since: float | None, slot: int = 3) -> KeyObservation:
    return KeyObservation(inside, slot, None if since is None else at(since))


IN, OUT = Key(inside=True, slot=3, since=at(-9)), Key(False, 3, at(1), "ada")


def test_key_that_is_out_belongs_to_whose_time_it_was_when_it_was_taken() -> None:
    update = apply_observation(IN, seen(inside=False, since=1), STAYS, at(8))
    assert update == (OUT, False)


def test_later_guest_who_finds_the_slot_empty_changes_nothing() -> None:
    assert apply_observation(OUT, seen(inside=False, since=1), STAYS, at(8)).key == OUT
    assert (
        apply_observation(OUT, seen(inside=False, since=None), STAYS, at(8)).key == OUT
    )


def test_key_taken_in_nobodys_time_is_nobodys() -> None:
    assert (
        apply_observation(IN, seen(inside=False, since=-1), STAYS, at(1)).key.holder
        is None
    )
    backup = apply_observation(IN, seen(inside=False, since=13), STAYS, at(14)).key
    assert (backup.inside, backup.holder) == (False, None)


@pytest.mark.parametrize(("now", "holder"), [(2, "ada"), (7, "ada"), (13, "bo")])
def test_key_whose_taking_nobody_tells_belongs_to_who_was_last_due(
    now: float, holder: str
) -> None:
    update = apply_observation(Key(), seen(inside=False, since=None), STAYS, at(now))
    assert update.key.holder == holder


def test_key_that_comes_back_was_returned_by_who_had_it() -> None:
    key, came_back = apply_observation(OUT, seen(inside=True, since=8), STAYS, at(9))
    assert came_back
    assert (key.inside, key.holder) == (True, None)
    assert (key.returned_by, key.returned_at) == ("ada", at(8))


def test_key_that_was_away_between_two_looks_was_returned_all_the_same() -> None:
    key, came_back = apply_observation(IN, seen(inside=True, since=7), STAYS, at(8))
    assert (came_back, key.returned_by) == (True, "bo")


def test_key_that_was_taken_anew_between_two_looks_came_back_first() -> None:
    key, came_back = apply_observation(OUT, seen(inside=False, since=7), STAYS, at(8))
    assert (came_back, key.holder) == (True, "bo")
    assert (key.returned_by, key.returned_at) == ("ada", at(7))


def test_key_seen_for_the_first_time_was_not_returned() -> None:
    assert not apply_observation(
        Key(), seen(inside=True, since=1), STAYS, at(2)
    ).came_back


moves = st.lists(st.integers(1, 40), min_size=1, max_size=8, unique=True).map(sorted)


@given(moves, st.lists(st.integers(0, 7), max_size=12))
def test_last_observation_decides_whatever_was_repeated_or_missed(
    times: list[int], polls: list[int]
) -> None:
    """Quarters of hours at which the key is taken and put back in turn."""
    key, notices = Key(inside=True, slot=3, since=at(-1)), 0
    for number in [
        *sorted(look for look in polls if look < len(times)),
        len(times) - 1,
    ]:
        observation = seen(inside=number % 2 == 1, since=times[number] / 4)
        key, came_back = apply_observation(
            key, observation, STAYS, at(times[number] / 4)
        )
        notices += came_back
    last = len(times) - 1
    taken_at = times[last] / 4
    assert key.inside == (last % 2 == 1)
    assert notices <= len(times) // 2
    if not key.inside:
        whose = [each.access for each in STAYS if each.start <= at(taken_at) < each.end]
        assert [key.holder] == (whose or [None])


@pytest.mark.parametrize(
    ("key", "now", "expected"),
    [
        (Key(), 1, KeyPlace.UNKNOWN),
        (IN, 20, KeyPlace.IN_SLOT),
        (OUT, 6.9, KeyPlace.OUT),
        (OUT, 7, KeyPlace.OVERDUE),
    ],
    ids=["never seen", "in", "out", "overdue"],
)
def test_place_is_overdue_from_the_moment_it_is_due(
    key: Key, now: float, expected: KeyPlace
) -> None:
    assert place(key, at(7), at(now)) is expected


def test_key_without_anybodys_time_is_out_and_never_overdue() -> None:
    assert place(OUT, None, at(99)) is KeyPlace.OUT


@pytest.mark.parametrize(
    ("key", "now", "look"),
    [
        (IN, -5, 0),  # the first stay begins
        (IN, 1, 2),  # somebody may take it
        (IN, 5.5, 6),  # a stay ends
        (OUT, 6.5, 7),  # it becomes overdue
        (OUT, 20, 21),  # it stays overdue
        (IN, 20, None),
        (Key(), 20, 21),
    ],
    ids=str,
)
def test_next_look_is_at_what_comes_next(
    key: Key, now: float, look: float | None
) -> None:
    due = at(7) if key.holder else None
    expected = None if look is None else at(look)
    assert next_poll_at(key, STAYS, due, at(now)) == expected
    assert timedelta(hours=1) == POLL_EVERY


def test_earliest_notice_and_longest_wait_of_two_rules_count() -> None:
    one, other = Returning(60, 30), Returning(0, 10, report_returns=True)
    assert one.strictest(other) == Returning(60, 10, report_returns=True)
    assert one.strictest(other) == other.strictest(one)
