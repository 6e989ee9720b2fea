"""A keypad that dies for a while after wrong codes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from fakes.doors.lockout import Lockout

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
STEPS = ((5, 30.0), (15, 300.0))


def after(tries: int) -> Lockout:
    lockout = Lockout(STEPS)
    for _ in range(tries):
        lockout.count(NOW)
    return lockout


def test_four_wrong_codes_change_nothing() -> None:
    assert not after(4).holds(NOW)


def test_from_the_fifth_on_the_keypad_is_dead_for_half_a_minute() -> None:
    for tries in (5, 6, 14):
        lockout = after(tries)
        assert lockout.holds(NOW + timedelta(seconds=29))
        assert not lockout.holds(NOW + timedelta(seconds=30))


def test_from_the_fifteenth_on_it_is_dead_for_longer() -> None:
    assert after(15).holds(NOW + timedelta(seconds=299))
    assert not after(15).holds(NOW + timedelta(seconds=300))


def test_a_right_code_starts_the_count_anew() -> None:
    lockout = after(4)
    lockout.forgive()
    lockout.count(NOW)
    assert not lockout.holds(NOW)


def test_a_keypad_without_steps_never_dies() -> None:
    lockout = Lockout(())
    for _ in range(100):
        lockout.count(NOW)
    assert not lockout.holds(NOW)
