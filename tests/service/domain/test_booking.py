"""Events are merged into bookings in any order; memberships are bookings."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.booking import (
    AHEAD,
    Booking,
    Customer,
    Details,
    Event,
    EventType,
    Trigger,
    from_event,
    id_alone,
    join,
    membership_of,
    merge,
    reach,
    ref_of,
    renewal,
    seen_with,
    validate_event,
)
from service.domain.errors import SemanticError
from service.domain.rules import Rule, desired

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def event(
    kind: str, occurred: int = 0, *, resource: str = "court-1", name: str = "e"
) -> Event:
    details = Details(resource, NOON, NOON + timedelta(hours=2))
    at = NOON + timedelta(minutes=occurred)
    return Event(name, EventType(f"booking.{kind}"), at, "B-1", details)


few_instants = st.integers(0, 3).map(lambda n: NOON + timedelta(hours=n))
said = st.builds(
    Details,
    resource=st.sampled_from(["court-1", "court-2"]),
    start=few_instants,
    end=few_instants,
    customer=st.builds(Customer, name=st.sampled_from(["Ada", "Bo"])),
)


@st.composite
def histories(draw: st.DrawFn, least: int = 1) -> list[Event]:
    """Return events of which no two of one instant weigh the same."""
    moments = st.tuples(few_instants, st.sampled_from(EventType))
    found = draw(st.lists(moments, min_size=least, unique_by=_weight))
    return [
        Event(str(number), kind, at, "B-1", draw(said))
        for number, (at, kind) in enumerate(found)
    ]


def _weight(moment: tuple[datetime, EventType]) -> tuple[datetime, int]:
    at, kind = moment
    return at, Event("", kind, at, "B-1", Details("", at, at)).rank


def _joined(several: list[Event]) -> Booking:
    return reduce(join, map(from_event, several))


@given(histories(least=2), st.data())
def test_join_is_commutative(several: list[Event], data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, len(several) - 1))
    one, other = _joined(several[:cut]), _joined(several[cut:])
    assert join(one, other) == join(other, one)


@given(histories(least=3), st.data())
def test_join_is_associative(several: list[Event], data: st.DataObject) -> None:
    cuts = st.lists(
        st.integers(1, len(several) - 1), min_size=2, max_size=2, unique=True
    )
    first, last = sorted(data.draw(cuts))
    parts = several[:first], several[first:last], several[last:]
    one, two, three = map(_joined, parts)
    assert join(join(one, two), three) == join(one, join(two, three))


@given(histories())
def test_join_is_idempotent(several: list[Event]) -> None:
    one = _joined(several)
    assert join(one, one) == one


@given(histories(), st.randoms(use_true_random=False))
def test_events_repeated_in_any_order_make_the_same_booking(
    several: list[Event], random: object
) -> None:
    repeated = several + several[::2]
    random.shuffle(repeated)  # type: ignore[attr-defined]
    assert _sum(repeated) == _sum(several)


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


def test_later_confirmation_brings_a_cancelled_booking_back() -> None:
    told = [event("cancelled", 5), event("confirmed", 10), event("confirmed", 0)]
    for order in permutations(told):
        assert not reduce(merge, order, None).cancelled  # type: ignore[arg-type]
    again = merge(merge(None, event("cancelled", 5)), event("paid", 10))
    assert again.cancelled


def test_change_beats_a_confirmation_of_its_instant_in_any_order() -> None:
    confirmed, changed = event("confirmed"), event("changed", resource="court-2")
    for order in ((confirmed, changed), (changed, confirmed)):
        assert reduce(merge, order, None).details.resources == ("court-2",)  # type: ignore[arg-type]


def test_of_two_changes_of_one_instant_the_one_that_came_last_counts() -> None:
    first, last = event("changed", name="z"), event("changed", name="a")
    moved = replace(last.details, start=NOON + timedelta(hours=1))
    booking = merge(merge(None, first), replace(last, details=moved))
    assert booking.details.start == NOON + timedelta(hours=1)


def test_confirmation_of_another_resource_adds_it_and_a_change_sets_all() -> None:
    told = [event("confirmed"), event("confirmed", 1, resource="court-2")]
    for order in permutations(told):
        both = reduce(merge, order, None)  # type: ignore[arg-type]
        assert both.details.resources == ("court-1", "court-2")
    told.append(event("changed", 2, resource="court-3"))
    for order in permutations(told):
        assert reduce(merge, order, None).details.resources == ("court-3",)  # type: ignore[arg-type]


def test_cancellation_by_id_alone_leaves_the_details_to_others() -> None:
    alone = Event("c", EventType.CANCELLED, NOON, "B-1", id_alone(NOON))
    told = [alone, event("confirmed", -10)]
    for order in permutations(told):
        booking = reduce(merge, order, None)  # type: ignore[arg-type]
        assert booking.cancelled
        assert booking.details.resources == ("court-1",)


def test_booking_that_moved_to_another_connection_is_gone_from_here() -> None:
    ada = Customer("Ada", "ada@example.org")
    here, there = event("confirmed"), event("changed", 5, resource="flat-2")
    mine = from_event(replace(here, details=replace(here.details, customer=ada)))
    moved = from_event(replace(there, details=replace(there.details, customer=ada)))
    assert seen_with(mine, [moved]).cancelled
    assert Trigger.CONFIRMED in seen_with(moved, [mine]).triggers
    assert seen_with(mine, [from_event(there)]) == mine  # somebody else's, by its id


def test_bookings_of_two_names_are_never_joined() -> None:
    other = Booking("B-2", event("paid").details, NOON)
    with pytest.raises(ValueError, match=r"'B-1' and 'B-2'"):
        join(from_event(event("paid")), other)


def event_from_to(
    start: datetime, end: datetime, occurred_at: datetime = NOON
) -> Event:
    details = Details("court-1", start, end)
    return Event("e", EventType.CONFIRMED, occurred_at, "B-1", details)


def refused_field(event: Event) -> str | None:
    """Return the field that makes an event senseless; None if it makes sense."""
    try:
        validate_event(event)
    except SemanticError as refused:
        return refused.field
    return None


def test_booking_that_ends_after_it_starts_makes_sense() -> None:
    assert refused_field(event_from_to(NOON, NOON.replace(minute=1))) is None
    assert refused_field(event_from_to(NOON, NOON)) == "booking.end"


@pytest.mark.parametrize("hour", [11, 12])
def test_booking_that_does_not_end_after_its_start_is_senseless(hour: int) -> None:
    with pytest.raises(SemanticError, match=r"booking\.end is .*lies after") as refused:
        validate_event(event_from_to(NOON, NOON.replace(hour=hour)))
    assert refused.value.field == "booking.end"


@pytest.mark.parametrize("year", [1, 1999, 2200, 9999])
def test_instant_centuries_away_is_senseless(year: int) -> None:
    with pytest.raises(SemanticError, match=r"between 2000 and 2200"):
        validate_event(event_from_to(NOON.replace(year=year), NOON))


def test_repr_of_a_customer_shows_nobody() -> None:
    ada = Customer("Ada Novak", "ada@example.org", "+46701234567", "sv")
    assert repr(ada) == "Customer(language='sv')"


DAY = timedelta(days=1)
YEAR = 365 * DAY

spans = st.timedeltas(timedelta(), 3650 * DAY)


def membership_event(kind: EventType, at: datetime, number: int = 1) -> Event:
    details = Details("gold", at, None, Customer("Bo", "bo@example.org"))
    return Event(f"evt_{number}", kind, at, ref_of("M-1"), details)


@given(later=spans, step=st.timedeltas(40 * DAY, 400 * DAY))
def test_code_reaches_beyond_its_renewal_and_no_more_than_a_step_further(
    later: timedelta, step: timedelta
) -> None:
    now = NOON + later
    until = reach(NOON, step, now)
    assert now < renewal(until) <= now + step
    assert (until - NOON) % step == timedelta()


@given(later=spans)
def test_the_same_code_is_wanted_until_its_renewal(later: timedelta) -> None:
    until = reach(NOON, YEAR, NOON + later)
    just_before = renewal(until) - timedelta.resolution
    assert reach(NOON, YEAR, just_before) == until
    assert reach(NOON, YEAR, renewal(until)) == until + YEAR


def test_code_of_a_membership_told_of_late_reaches_a_step_from_its_start() -> None:
    assert reach(NOON, YEAR, NOON - DAY) == NOON + YEAR
    assert renewal(NOON + YEAR) == NOON + YEAR - AHEAD


def test_ref_of_a_membership_is_told_from_that_of_a_booking() -> None:
    assert membership_of(ref_of("M-1")) == "M-1"
    assert membership_of("M-1") is None
    assert membership_of(None) is None


def test_membership_begins_when_it_was_first_told_of() -> None:
    early = from_event(membership_event(EventType.STARTED, NOON))
    late = from_event(membership_event(EventType.STARTED, NOON + DAY, 2))
    assert join(early, late) == join(late, early)
    assert join(early, late).details.start == NOON
    assert not join(early, late).cancelled


def test_end_wins_over_the_start_in_any_order() -> None:
    start = from_event(membership_event(EventType.STARTED, NOON))
    end = from_event(membership_event(EventType.ENDED, NOON + DAY, 2))
    again = from_event(membership_event(EventType.STARTED, NOON + 2 * DAY, 3))
    assert join(start, end).cancelled
    assert not join(join(start, again), end).cancelled
    assert desired(join(end, start), []).reason == "membership M-1 has ended"


def test_rules_for_what_is_booked_are_not_for_members() -> None:
    member = from_event(membership_event(EventType.STARTED, NOON))
    rules = [
        Rule("1", "gold", ("gate",), Trigger.STARTED),
        Rule("2", "gold", ("door",), Trigger.CONFIRMED),
    ]
    update = desired(member, rules, until=NOON + YEAR)
    assert [(each.lock, each.end) for each in update.wanted] == [("gate", NOON + YEAR)]
