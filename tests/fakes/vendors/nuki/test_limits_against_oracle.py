"""What the Web API takes is what the keypad does, from order to entry.

The sheet of paper is the one that schedules are tried by; here it goes by the wire.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.doors.sheets import (
    WEEK,
    Sheet,
    minutes,
    moments,
    moments_for,
    sheets,
    stamps,
)
from tests.fakes.vendors.nuki.account import Account

if TYPE_CHECKING:
    from datetime import datetime

    from flask import Flask

WHOLE_DAY = ("00:00", "00:00")  # a switch says what it means


def limits(sheet: Sheet) -> dict[str, Any]:
    """Return what is ordered; whatever the sheet leaves open is left out."""
    opens, closes = sheet.hours or (None, None)
    answer = {
        "allowedFromDate": f"{sheet.first}Z",
        "allowedUntilDate": f"{sheet.last}Z" if sheet.last else None,
        "allowedWeekDays": sum(WEEK[day] for day in sheet.days) or None,
        "allowedFromTime": minutes(opens),
        "allowedUntilTime": minutes(closes),
    }
    return {name: value for name, value in answer.items() if value is not None}


dated = st.builds(
    lambda sheet, first: replace(sheet, first=first, over_midnight=True),
    sheets.filter(lambda sheet: sheet.hours != WHOLE_DAY),
    stamps,
)


def test_150_orders_open_when_the_sheet_admits(app: Flask) -> None:
    account = Account(app)

    @settings(max_examples=150)
    @given(sheet=dated, moment=moments)
    def hold(sheet: Sheet, moment: datetime) -> None:
        door = account.add_door(timezone=sheet.zone)
        account.store(door, **limits(sheet))
        for at in list(moments_for(sheet, moment))[::3]:
            reason = account.probe(door, at=at.isoformat())
            assert (reason == "opened") == sheet.admits(at), (at, reason)

    hold()
