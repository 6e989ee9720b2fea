"""A membership is a booking without an end; its codes reach ahead in steps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from service.domain.booking import (
    AHEAD,
    Customer,
    Details,
    Event,
    EventType,
    Trigger,
    from_event,
    join,
    membership_of,
    reach,
    ref_of,
    renewal,
)
from service.domain.rules import Rule, desired

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
YEAR = 365 * DAY

spans = st.timedeltas(timedelta(), 3650 * DAY)


def event(kind: EventType, at: datetime, number: int = 1) -> Event:
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
    early = from_event(event(EventType.STARTED, NOON))
    late = from_event(event(EventType.STARTED, NOON + DAY, 2))
    assert join(early, late) == join(late, early)
    assert join(early, late).details.start == NOON
    assert not join(early, late).cancelled


def test_end_wins_over_the_start_in_any_order() -> None:
    start = from_event(event(EventType.STARTED, NOON + DAY))
    end = from_event(event(EventType.ENDED, NOON, 2))
    assert join(start, end).cancelled
    assert desired(join(end, start), []).reason == "membership M-1 has ended"


def test_rules_for_what_is_booked_are_not_for_members() -> None:
    member = from_event(event(EventType.STARTED, NOON))
    rules = [
        Rule("1", "gold", ("gate",), Trigger.STARTED),
        Rule("2", "gold", ("door",), Trigger.CONFIRMED),
    ]
    outlook = desired(member, rules, until=NOON + YEAR)
    assert [(each.lock, each.end) for each in outlook.wanted] == [("gate", NOON + YEAR)]
