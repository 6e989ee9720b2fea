"""Two accesses of one lock and one window never share a code."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from service.domain.access import free_variant
from service.domain.errors import NoVariant
from service.domain.schedule import HOUR, Window

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
WINDOW = Window("hourly", NOON, NOON + HOUR)
ZONE = ZoneInfo("Europe/Stockholm")


def test_lowest_free_variant_is_taken() -> None:
    assert free_variant(WINDOW, (), count=3, zone=ZONE) == 1
    assert free_variant(WINDOW, {1, 3}, count=3, zone=ZONE) == 2


def test_none_left_says_how_many_there_were_and_until_when() -> None:
    with pytest.raises(NoVariant) as refused:
        free_variant(WINDOW, {1, 2, 3}, count=3, zone=ZONE)
    assert refused.value.reason == (
        "all 3 hourly codes that the lock has from 2026-12-01 13:00+01:00 until "
        "2026-12-01 14:00+01:00 are given away; cancelled ones count, since they "
        "still open the door"
    )


def test_none_left_of_a_window_without_end_says_so() -> None:
    with pytest.raises(NoVariant, match=r"without an end are given away"):
        free_variant(Window("permanent", NOON, None), {1}, count=1, zone=ZONE)
