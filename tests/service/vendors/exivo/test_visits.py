"""Visits: exactly the booking with its margin, and known again by name and PIN."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from service.domain.errors import NoWindow
from service.domain.schedule import MINUTE, NO_MARGIN, Margin, Window
from service.ports import Order
from service.secret import Secret
from service.vendor_kit import label
from service.vendors.exivo.mapping import (
    FORM,
    TIMES,
    visit_of,
    visit_request_of,
)

ZURICH = ZoneInfo("Europe/Zurich")
NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
ROW = {
    "id": "v-1",
    "name": "B-1001",
    "code": "004270",
    "link": "https://exivo.example/v/a",
    "validFrom": "2026-12-01T09:00:00Z",
    "validTo": "2026-12-01T10:00:00Z",
    "components": ["door-1", "door-2"],
    "revoked": False,
}
ORDER = Order(
    "door-1",
    Window("visit", NOW + HOUR, NOW + 2 * HOUR),
    1,
    "B-1001",
    ZURICH,
    Secret("004270"),
    extra_lock_ids=("door-2",),
)


def test_window_is_the_booking_with_lead_and_lag_to_the_minute() -> None:
    margin = Margin(15 * MINUTE, 5 * MINUTE)
    window = TIMES.plan(NOW, NOW + HOUR, now=NOW, zone=ZURICH, margin=margin)
    assert (window.start, window.end) == (NOW - 15 * MINUTE, NOW + 65 * MINUTE)


def test_booking_across_a_change_of_the_clocks_is_written_in_utc() -> None:
    night = datetime(2026, 10, 25, 1, 30, tzinfo=ZURICH)  # the hour from 2 comes twice
    window = TIMES.plan(
        night,
        night.replace(hour=4),
        now=NOW - 60 * 24 * HOUR,
        zone=ZURICH,
        margin=NO_MARGIN,
    )
    written = visit_request_of(replace(ORDER, window=window)).written
    assert (written["validFrom"], written["validTo"]) == (
        "2026-10-24T23:30:00Z",
        "2026-10-25T03:30:00Z",
    )


def test_booking_that_is_over_has_no_visit() -> None:
    with pytest.raises(NoWindow, match=r"over at 2026-12-01 09:00\+01:00"):
        TIMES.plan(NOW - HOUR, NOW, now=NOW, zone=ZURICH, margin=NO_MARGIN)


@pytest.mark.parametrize(
    ("kind", "end", "says"),
    [("hourly", NOW + HOUR, "'visit'"), ("visit", None, "end"), ("visit", NOW, "end")],
)
def test_visit_by_hand_is_exact_or_refused(kind: str, end: Any, says: str) -> None:
    with pytest.raises(NoWindow, match=says):
        TIMES.plan_by_hand(kind, NOW, end, now=NOW, zone=ZURICH)
    assert TIMES.plan_by_hand("visit", NOW, NOW + MINUTE, now=NOW, zone=ZURICH).end


def test_pin_may_begin_with_zeros_and_is_told_as_text() -> None:
    assert FORM.fits("004270")
    assert visit_request_of(ORDER).written["code"] == "004270"


def test_order_has_no_recipient_so_that_the_vendor_sends_no_mail() -> None:
    assert set(visit_request_of(ORDER).written) == {
        "name",
        "code",
        "validFrom",
        "validTo",
        "components",
    }


def test_own_visit_is_known_again_by_name_and_pin_unless_it_was_revoked() -> None:
    request = visit_request_of(ORDER)
    visit = visit_of(ROW)
    assert visit
    assert request.made(visit)
    assert request.fits(visit)
    for change in ({"code": "004271"}, {"name": "B-1002"}, {"revoked": True}):
        other = visit_of({**ROW, **change})
        assert other
        assert not request.made(other)


@pytest.mark.parametrize(
    "change",
    [
        {"validTo": "2026-12-01T10:00:01Z"},
        {"validFrom": "2026-12-01T09:59:00+01:00"},
        {"components": ["door-1"]},
    ],
)
def test_visit_for_another_time_or_door_does_not_fit(change: dict[str, Any]) -> None:
    visit = visit_of({**ROW, **change})
    assert visit
    assert not visit_request_of(ORDER).fits(visit)


def test_same_instant_in_another_offset_fits() -> None:
    visit = visit_of({**ROW, "validFrom": "2026-12-01T10:00:00+01:00"})
    assert visit
    assert visit_request_of(ORDER).fits(visit)


@pytest.mark.parametrize(
    "row",
    [
        None,
        [],
        "visit",
        {},
        {**ROW, "id": None},
        {**ROW, "code": 4270},
        {**ROW, "link": ""},
        {**ROW, "validTo": "soon"},
        {**ROW, "validTo": "2026-12-01T10:00:00"},
    ],
)
def test_row_that_is_no_visit_is_none(row: object) -> None:
    assert visit_of(row) is None


def test_neither_pin_nor_link_is_in_a_repr() -> None:
    visit = visit_of(ROW)
    assert "004270" not in repr(visit) + repr(visit_request_of(ORDER))
    assert "exivo.example" not in repr(visit)


def test_label_is_one_line() -> None:
    assert label(" B-1\n\x07 001 ") == "B-1 001"
    assert label("\n") == "access"
