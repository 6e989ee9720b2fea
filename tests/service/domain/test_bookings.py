"""The sum of events: any order, any number of times, the same booking."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.booking import (
    Booking,
    Customer,
    Details,
    Event,
    EventType,
    Trigger,
    from_event,
    join,
    merge,
)

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def event(
    kind: str, occurred: int = 0, *, resource: str = "court-1", name: str = "e"
) -> Event:
    details = Details(resource, NOON, NOON + timedelta(hours=2))
    at = NOON + timedelta(minutes=occurred)
    return Event(name, EventType(f"booking.{kind}"), at, "B-1", details)


few_instants = st.integers(0, 3).map(lambda n: NOON + timedelta(hours=n))
events = st.builds(
    Event,
    id=st.sampled_from(["a", "b", "c"]),
    type=st.sampled_from(EventType),
    occurred_at=few_instants,
    ref=st.just("B-1"),
    details=st.builds(
        Details,
        resource=st.sampled_from(["court-1", "court-2"]),
        start=few_instants,
        end=few_instants,
        customer=st.builds(Customer, name=st.sampled_from(["Ada", "Bo"])),
    ),
)
bookings = st.lists(events, min_size=1).map(
    lambda several: reduce(join, map(from_event, several))
)


@settings(derandomize=True, database=None, deadline=None)
@given(bookings, bookings)
def test_join_is_commutative(one: Booking, other: Booking) -> None:
    assert join(one, other) == join(other, one)


@settings(derandomize=True, database=None, deadline=None)
@given(bookings, bookings, bookings)
def test_join_is_associative(one: Booking, two: Booking, three: Booking) -> None:
    assert join(join(one, two), three) == join(one, join(two, three))


@settings(derandomize=True, database=None, deadline=None)
@given(bookings)
def test_join_is_idempotent(one: Booking) -> None:
    assert join(one, one) == one


@settings(derandomize=True, database=None, deadline=None)
@given(st.lists(events, min_size=1), st.randoms(use_true_random=False))
def test_events_repeated_in_any_order_make_the_same_booking(
    several: list[Event], random: object
) -> None:
    reload_connection = several + several[::2]
    random.shuffle(reload_connection)  # type: ignore[attr-defined]
    assert _sum(reload_connection) == _sum(several)


def _sum(several: list[Event]) -> Booking | None:
    booking: Booking | None = None
    for each in several:
        booking = merge(booking, each)
    return booking


def test_details_are_those_of_the_latest_event_even_when_it_comes_first() -> None:
    late = event("changed", 10, resource="court-2")
    booking = merge(merge(None, late), event("confirmed", 0))
    assert booking.details.resource == "court-2"
    assert booking.triggers == {Trigger.CONFIRMED}


def test_cancellation_wins_over_a_later_change() -> None:
    booking = merge(merge(None, event("cancelled", 0)), event("changed", 10))
    assert booking.cancelled
    assert booking.cancelled_at == NOON


def test_bookings_of_two_names_are_never_joined() -> None:
    other = Booking("B-2", event("paid").details, NOON, "e")
    with pytest.raises(ValueError, match=r"'B-1' and 'B-2'"):
        join(from_event(event("paid")), other)
