"""A row of Nuki's list, in every writing that was seen."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from service.vendors.nuki.mapping import Limits, row_of

LIMITS = Limits(
    datetime(2026, 12, 1, 15, tzinfo=UTC), datetime(2026, 12, 1, 17, tzinfo=UTC)
)
ROW = {
    "id": "5f0c",
    "type": 13,
    "code": 345678,
    "name": "B-1",
    "authId": 4097,
    "enabled": True,
    "allowedFromDate": "2026-12-01T15:00:00.000Z",
    "allowedUntilDate": "2026-12-01T17:00:00.000Z",
    "allowedWeekDays": 127,
}


@pytest.mark.parametrize("code", [345678, "345678", [345678]], ids=repr)
def test_code_is_read_in_every_shape(code: Any) -> None:
    row = row_of({**ROW, "code": code})
    assert row
    assert row.code == "345678"
    assert "345678" not in repr(row)


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        ({}, True),
        ({"allowedWeekDays": None}, True),
        ({"allowedFromTime": 0, "allowedUntilTime": 0}, True),
        ({"allowedFromDate": "2026-12-01T16:00:00+01:00"}, True),
        ({"allowedWeekDays": 64}, False),
        ({"allowedFromDate": None}, False),
        ({"allowedFromDate": "soon"}, False),
        ({"allowedUntilTime": 1325}, False),
        ({"enabled": False}, False),
    ],
)
def test_row_allows_what_was_ordered_or_not(change: Any, *, fits: bool) -> None:
    row = row_of({**ROW, **change})
    assert row
    assert row.allows(LIMITS) is fits


def test_limits_are_always_written_all() -> None:
    assert LIMITS.written() == {
        "allowedFromDate": "2026-12-01T15:00:00Z",
        "allowedUntilDate": "2026-12-01T17:00:00Z",
        "allowedWeekDays": 127,
        "allowedFromTime": 0,
        "allowedUntilTime": 0,
    }


def test_what_is_no_keypad_code_is_no_row() -> None:
    assert row_of({**ROW, "type": 0}) is None
    assert row_of({**ROW, "id": 7}) is None
