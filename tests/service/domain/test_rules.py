"""What must exist for a booking, by the rules of its resource."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from service.domain.booking import Booking, Details, Trigger
from service.domain.rules import Rule, Wanted, desired, send_at
from service.domain.schedule import HOUR, Form, Margin, RecurringKey

START = datetime(2026, 12, 1, 15, 20, tzinfo=UTC)
END = START + timedelta(hours=2)


def booking(*triggers: Trigger, cancelled: bool = False) -> Booking:
    return Booking(
        "B-1",
        Details("court-1", START, END),
        START,
        "e",
        frozenset(triggers),
        START if cancelled else None,
    )


def rule(name: str, *locks: str, trigger: Trigger = Trigger.CONFIRMED) -> Rule:
    return Rule(name, "court-1", locks, trigger)


def test_one_resource_opens_several_locks() -> None:
    desired_state = desired(booking(Trigger.CONFIRMED), [rule("r", "gate", "door")])
    assert [want.lock for want in desired_state.wanted] == ["door", "gate"]
    assert desired_state.reason is None


def test_lock_named_by_two_rules_is_wanted_once_with_the_widest_margins() -> None:
    one = Rule("1", "court-1", ("door",), Trigger.CONFIRMED, margin=Margin(before=HOUR))
    two = Rule(
        "2", "court-1", ("door",), Trigger.CONFIRMED, margin=Margin(after=2 * HOUR)
    )
    for rules in ([one, two], [two, one]):
        desired_state = desired(booking(Trigger.CONFIRMED), rules)
        assert desired_state.wanted == (
            Wanted("door", START, END, Margin(HOUR, 2 * HOUR)),
        )
        assert desired_state.fired == (one, two)


def test_rule_has_its_connections_margin_at_least() -> None:
    least = Margin(HOUR, HOUR)
    wide = Rule("1", "court-1", ("door",), Trigger.PAID, margin=Margin(after=2 * HOUR))
    assert wide.with_margin(least).margin == Margin(HOUR, 2 * HOUR)


def test_recurring_keys_and_members_have_no_margin() -> None:
    key = RecurringKey(Form.WEEKLY, 5)
    recurring = Rule("1", "court-1", ("door",), Trigger.CONFIRMED, recurring=key)
    members = rule("2", "door", trigger=Trigger.STARTED)
    for each in (recurring, members):
        assert each.with_margin(Margin(HOUR, HOUR)) == each


def test_only_rules_whose_event_was_seen_count() -> None:
    rules = [rule("1", "gate"), rule("2", "door", trigger=Trigger.PAID)]
    assert [w.lock for w in desired(booking(Trigger.PAID), rules).wanted] == ["door"]


def test_rule_that_waits_for_another_event_names_it() -> None:
    rules = [rule("1", "door", trigger=Trigger.PAID)]
    desired_state = desired(booking(Trigger.CONFIRMED), rules)
    assert desired_state.wanted == ()
    assert (
        desired_state.reason == "the rule for resource 'court-1' waits for booking.paid"
    )


def test_resource_without_a_rule_gets_nothing_and_the_reason() -> None:
    other = Rule("1", "court-2", ("door",), Trigger.CONFIRMED)
    desired_state = desired(booking(Trigger.CONFIRMED), [other])
    assert desired_state.wanted == ()
    assert (
        desired_state.reason
        == "no rule for resource 'court-1'; add one that names its locks"
    )


def test_cancelled_booking_wants_nothing() -> None:
    desired_state = desired(
        booking(Trigger.CONFIRMED, cancelled=True), [rule("1", "door")]
    )
    assert desired_state.wanted == ()
    assert desired_state.reason == "booking B-1 is cancelled"


def test_message_is_due_at_once_or_hours_before_the_start() -> None:
    now = START - timedelta(hours=10)
    later = Rule("1", "court-1", (), Trigger.PAID, send_hours_before=2)
    assert send_at(rule("1"), booking(), now) == now
    assert send_at(later, booking(), now) == START - timedelta(hours=2)
    assert send_at(later, booking(), START) == START


def test_locks_of_a_rule_are_wanted_together_where_one_code_opens_them_all() -> None:
    rules = [rule("1", "gate", "door"), rule("2", "door", "shed")]
    desired_state = desired(booking(Trigger.CONFIRMED), rules, shared=True)
    assert [each.locks for each in desired_state.wanted] == [
        ("door", "gate"),
        ("shed",),
    ]


def test_locks_with_different_margins_are_not_wanted_together() -> None:
    wider = Rule("2", "court-1", ("gate",), Trigger.CONFIRMED, margin=Margin(HOUR))
    rules = [rule("1", "gate", "door"), wider]
    desired_state = desired(booking(Trigger.CONFIRMED), rules, shared=True)
    assert [each.locks for each in desired_state.wanted] == [("door",), ("gate",)]
