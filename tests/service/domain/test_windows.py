"""Margins are whole hours; windows end before their end."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime

import pytest

from service.domain.errors import NotWholeHours
from service.domain.windows import HOUR
from service.domain.windows import Margin
from service.domain.windows import Window

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("hours", [-1, 169, 1.5, 1.0, "1", None, True])
def test_margin_of_anything_but_whole_hours_is_refused(hours: object) -> None:
    with pytest.raises(NotWholeHours) as refused:
        Margin(before_hours=hours)  # type: ignore[arg-type]
    assert f"margin_before_hours is {hours!r}" in refused.value.reason


def test_margins_in_whole_hours_are_taken() -> None:
    assert Margin(0, 168).after == 168 * HOUR


def test_widest_margin_satisfies_both() -> None:
    assert Margin(1, 2).widest(Margin(2, 1)) == Margin(2, 2)


def test_window_is_over_at_its_end_and_never_without_one() -> None:
    window = Window("hourly", NOON, NOON + HOUR)
    assert not window.over(NOON)
    assert window.over(NOON + HOUR)
    assert not Window("permanent", NOON, None).over(NOON + 9999 * HOUR)
