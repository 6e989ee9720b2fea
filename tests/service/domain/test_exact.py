"""Exact windows: nothing is rounded, and nothing is promised for the past."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from service.domain.errors import NoWindow
from service.domain.schedule import NO_MARGIN, Exact, Margin

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
TIMES = Exact("visit", "Acme has accesses", "a visit")
minutes = some.integers(0, 600).map(lambda each: timedelta(minutes=each))


@given(minutes, minutes, minutes)
def test_window_is_the_booking_with_its_margin_to_the_second(
    length: timedelta, before: timedelta, after: timedelta
) -> None:
    end = NOW + HOUR + length
    window = TIMES.plan(NOW, end, now=NOW, zone=UTC, margin=Margin(before, after))
    assert (window.start, window.end) == (NOW - before, end + after)


def test_window_is_over_at_its_end_and_not_a_second_before() -> None:
    start, end = NOW - HOUR, NOW
    almost = NOW - timedelta(seconds=1)
    assert TIMES.plan(start, end, now=almost, zone=UTC, margin=NO_MARGIN)
    with pytest.raises(NoWindow, match="over at 2026-12-01 09:00"):
        TIMES.plan(start, end, now=NOW, zone=UTC, margin=NO_MARGIN)


@pytest.mark.parametrize(
    ("kind", "end", "told"),
    [
        ("hourly", NOW + HOUR, "kind is 'hourly'; Acme has accesses of kind 'visit'"),
        ("visit", None, "a visit has an end after its start"),
        ("visit", NOW, "a visit has an end after its start"),
    ],
)
def test_what_is_asked_for_by_hand_is_refused_with_the_fix(
    kind: str, end: datetime | None, told: str
) -> None:
    with pytest.raises(NoWindow, match=told):
        TIMES.plan_by_hand(kind, NOW, end, now=NOW, zone=UTC)
