"""Schedules agree with an oracle that reads calendars and clocks as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings

from fakes.doors.schedule import Edges, Schedule, refusal
from tests.campaigns import budget
from tests.fakes.doors.sheets import (
    WEEK,
    Sheet,
    instant,
    minutes,
    moments,
    moments_for,
    sheets,
)

if TYPE_CHECKING:
    from datetime import datetime


def schedule(sheet: Sheet) -> Schedule:
    opens, closes = sheet.hours or (None, None)
    return Schedule(
        start=instant(sheet.first),
        end=instant(sheet.last),
        weekdays=sum(WEEK[day] for day in sheet.days),
        from_minute=minutes(opens),
        until_minute=minutes(closes),
    )


@settings(max_examples=budget.of(1_000, 5_000))
@given(sheet=sheets, moment=moments)
def test_schedule_holds_when_the_sheet_admits(sheet: Sheet, moment: datetime) -> None:
    stored, edges = schedule(sheet), Edges(over_midnight=sheet.over_midnight)
    for at in moments_for(sheet, moment):
        reason = refusal(stored, at, sheet.zone, edges)
        assert (reason is None) == sheet.admits(at), (at, reason)
