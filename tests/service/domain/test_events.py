"""Events that cannot be true are refused with field, value and fix."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from service.domain.booking import Customer, Details, Event, EventType, validate_event
from service.domain.errors import SemanticError

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def event(start: datetime, end: datetime, occurred_at: datetime = NOON) -> Event:
    details = Details("court-1", start, end)
    return Event("e", EventType.CONFIRMED, occurred_at, "B-1", details)


def test_booking_that_ends_after_it_starts_makes_sense() -> None:
    validate_event(event(NOON, NOON.replace(minute=1)))


@pytest.mark.parametrize("hour", [11, 12])
def test_booking_that_does_not_end_after_its_start_is_senseless(hour: int) -> None:
    with pytest.raises(SemanticError, match=r"booking\.end is .*lies after") as refused:
        validate_event(event(NOON, NOON.replace(hour=hour)))
    assert refused.value.field == "booking.end"


@pytest.mark.parametrize("year", [1, 1999, 2200, 9999])
def test_instant_centuries_away_is_senseless(year: int) -> None:
    with pytest.raises(SemanticError, match=r"between 2000 and 2200"):
        validate_event(event(NOON.replace(year=year), NOON))


def test_repr_of_a_customer_shows_nobody() -> None:
    ada = Customer("Ada Novak", "ada@example.org", "+46701234567", "sv")
    assert repr(ada) == "Customer(language='sv')"
