"""A contract's name, its times as they are written, and whether it is as ordered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.errors import NoWindow
from service.domain.schedule import NO_MARGIN, Margin, Window
from service.vendors.livionkey import mapping
from service.vendors.livionkey.mapping import begins, contract_id, contract_of

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
WINDOW = Window("contract", NOW + HOUR, NOW + 3 * HOUR)
BODY = {
    "id": "64f0",
    "contractId": "B-1/acc_1",
    "start": "2026-12-01T10:00:00.000Z",
    "end": "2026-12-01T12:00:00.000Z",
    "pincode": "012345",
}


@pytest.mark.parametrize(
    ("name", "access", "written"),
    [
        ("B-1001", "acc_1", "B-1001/acc_1"),
        ("B 1001 / ö", "acc_1", "B-1001/acc_1"),
        ("ööö", "acc_1", "access/acc_1"),
        ("B-1", "", "B-1"),
    ],
)
def test_contract_has_a_name_that_the_vendor_takes(
    name: str, access: str, written: str
) -> None:
    assert contract_id(name, access) == written


@given(st.text(), st.from_regex(r"acc_[0-9a-f]{8}", fullmatch=True))
def test_two_accesses_never_share_a_name(name: str, access: str) -> None:
    made = contract_id(name, access)
    assert made.endswith(f"/{access}")
    assert set(made) <= set("_/.-") | {c for c in made if c.isascii() and c.isalnum()}


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        ({}, True),
        ({"start": "2026-12-01T11:00:00+01:00"}, True),
        ({"start": "2026-12-01T09:59:59Z"}, False),
        ({"end": "2026-12-01T12:00:01Z"}, False),
        ({"end": None}, False),
        ({"pincode": "12345"}, False),
    ],
)
def test_contract_fits_its_order_to_the_second(
    change: dict[str, Any], *, fits: bool
) -> None:
    contract = contract_of(BODY | change)
    assert contract
    assert contract.fits(WINDOW, "012345", NOW) is fits
    assert "012345" not in repr(contract)


def test_contract_that_began_late_fits_what_was_booked() -> None:
    contract = contract_of(BODY | {"start": "2026-12-01T10:20:00Z"})
    assert contract
    assert contract.fits(WINDOW, "012345", NOW + 2 * HOUR)
    assert not contract.fits(WINDOW, "012345", NOW + HOUR)


@pytest.mark.parametrize("change", [{"id": None}, {"start": None}, {"start": "soon"}])
def test_what_is_no_contract_is_passed_over(change: dict[str, Any]) -> None:
    assert contract_of(BODY | change) is None


def test_what_was_booked_is_asked_for_first() -> None:
    late = WINDOW.start + HOUR
    assert begins(WINDOW, late)[:2] == (WINDOW.start, late)
    running = contract_of(BODY | {"start": "2026-12-01T10:05:00Z"})
    assert running
    assert begins(WINDOW, late, running)[1] == running.start


def test_window_is_the_booking_with_its_margin_and_nothing_else() -> None:
    start, end = NOW + timedelta(minutes=20), NOW + 3 * HOUR + SECOND
    plain = mapping.TIMES.plan(start, end, now=NOW, zone=UTC, margin=NO_MARGIN)
    wide = mapping.TIMES.plan(
        start, end, now=NOW, zone=UTC, margin=Margin(HOUR, 2 * HOUR)
    )
    assert (plain.start, plain.end) == (start, end)
    assert (wide.start, wide.end) == (start - HOUR, end + 2 * HOUR)
    reload_connection = mapping.TIMES.plan(
        start, end, now=NOW + 2 * HOUR, zone=UTC, margin=NO_MARGIN
    )
    assert reload_connection == plain


def test_what_is_over_has_no_window() -> None:
    with pytest.raises(NoWindow, match="2026-12-01 08:00"):
        mapping.TIMES.plan(
            NOW - 2 * HOUR, NOW - HOUR, now=NOW, zone=UTC, margin=NO_MARGIN
        )


@pytest.mark.parametrize(
    ("kind", "end"), [("permanent", None), ("contract", None), ("contract", NOW)]
)
def test_by_hand_an_end_is_needed(kind: str, end: datetime | None) -> None:
    with pytest.raises(NoWindow):
        mapping.TIMES.plan_by_hand(kind, NOW, end, now=NOW, zone=UTC)
