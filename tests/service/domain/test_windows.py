"""Margins are whole hours; windows end before their end."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from service.domain.errors import NotWholeHours
from service.domain.schedule import HOUR, MINUTE, Margin, Window, margin_of, whole_hours

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("hours", [-1, 169, 1.5, 1.0, "1", None, True])
def test_margin_of_anything_but_whole_hours_is_refused(hours: object) -> None:
    with pytest.raises(NotWholeHours) as refused:
        whole_hours("margin_before_hours", hours)
    assert f"margin_before_hours is {hours!r}" in refused.value.reason


def test_margins_in_whole_hours_are_taken() -> None:
    assert whole_hours("margin_after_hours", 168) == 168
    assert margin_of(0, 0, 168, 0).after == 168 * HOUR


def test_widest_margin_satisfies_both() -> None:
    one, other = Margin(HOUR, 2 * HOUR), Margin(2 * HOUR, HOUR)
    assert one.widest(other) == other.widest(one) == Margin(2 * HOUR, 2 * HOUR)


def test_hours_and_minutes_of_a_margin_add_up() -> None:
    assert margin_of(1, 30, 0, 90) == Margin(90 * MINUTE, 90 * MINUTE)
    assert not margin_of(1, 30, 0, 0).fits(HOUR)
    assert margin_of(0, 60, 0, 120).fits(HOUR)


def test_window_is_over_at_its_end_and_never_without_one() -> None:
    window = Window("hourly", NOON, NOON + HOUR)
    assert not window.over(NOON)
    assert window.over(NOON + HOUR)
    assert not Window("permanent", NOON, None).over(NOON + 9999 * HOUR)
