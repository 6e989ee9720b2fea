"""Each example, told of a booking, opens the right door at the right time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tests.examples.world import eventually

if TYPE_CHECKING:
    from tests.examples.programs import Booking, Example

HOUR = timedelta(hours=1)
TWO_HOURS = 2 * HOUR


def test_confirmed_booking_opens_its_door_for_its_time(example: Example) -> None:
    booking = example.booking()
    example.deliver("confirmed", booking)
    assert example.opens_exactly(example.message(booking), booking)


def test_message_has_the_own_times_of_the_booking(example: Example) -> None:
    booking = example.booking()
    example.deliver("confirmed", booking)
    message = example.message(booking)
    assert "15:20" in message
    assert "17:20" in message


def test_moved_booking_opens_at_its_new_time(example: Example) -> None:
    booking = example.booking()
    example.deliver("confirmed", booking)
    before = example.message(booking)
    moved = booking.moved(TWO_HOURS)
    example.deliver("changed", moved)
    assert example.opens_exactly(example.message(booking, 2), moved)
    if example.revocable:
        shut_out(example, before, booking)


def test_booking_moved_to_another_door_opens_that_one_alone(example: Example) -> None:
    booking = example.booking()
    example.deliver("confirmed", booking)
    before = example.message(booking)
    moved = replace(booking, resource="court-2")
    example.deliver("changed", moved)
    assert example.opens_exactly(example.message(booking, 2), moved)
    if example.revocable:
        shut_out(example, before, booking)


def test_cancelled_booking_opens_nothing(example: Example) -> None:
    booking = example.booking()
    example.deliver("confirmed", booking)
    message = example.message(booking)
    example.deliver("cancelled", booking)
    if example.revocable:
        shut_out(example, message, booking)
    example.pass_by()
    assert len(example.messages(booking)) == 1


def test_repeated_event_makes_no_second_code_or_message(example: Example) -> None:
    booking = example.booking()
    event = example.event("confirmed", booking)
    assert [example.send(event).ok, example.send(event).ok] == [True, True]
    example.message(booking)
    assert example.send(event).ok
    example.pass_by()
    assert len(example.messages(booking)) == 1
    assert len(example.codes(booking)) == 1


def test_older_event_that_comes_late_changes_nothing(example: Example) -> None:
    booking = example.booking()
    older = example.event("confirmed", booking)
    moved = booking.moved(TWO_HOURS)
    example.deliver("changed", moved)
    assert example.send(older).ok
    assert example.opens_exactly(example.message(booking), moved)
    example.pass_by()
    assert len(example.messages(booking)) == 1


def test_cancellation_that_comes_before_its_booking_wins(example: Example) -> None:
    booking = example.booking()
    confirmed = example.event("confirmed", booking)
    example.deliver("cancelled", booking)
    example.send(confirmed)
    example.pass_by()
    assert not example.messages(booking)
    assert not example.codes(booking)


def test_lost_answer_makes_no_second_code(example: Example) -> None:
    booking = example.booking()
    example.world.lose_an_answer(example.vendor, *example.repeats)
    example.deliver("confirmed", booking)
    assert example.opens_exactly(example.message(booking), booking)
    assert example.world.struck()
    assert len(example.codes(booking)) == 1


def test_lost_answer_to_a_cancellation_leaves_no_code(example: Example) -> None:
    if not example.revocable:
        return
    booking = example.booking()
    example.deliver("confirmed", booking)
    message = example.message(booking)
    example.world.lose_an_answer(example.vendor, *example.takes_back)
    example.deliver("cancelled", booking)
    shut_out(example, message, booking)
    assert example.world.struck()


def test_booking_that_has_begun_opens_at_once(example: Example) -> None:
    now = datetime.now(UTC)
    begun = replace(example.booking(), start=now - HOUR, end=now + HOUR)
    example.deliver("confirmed", begun)
    message = example.message(begun)
    in_a_moment = datetime.now(UTC) + timedelta(seconds=3)
    assert example.opens(message, in_a_moment)
    assert not example.opens(message, begun.end + HOUR)


def test_restart_loses_and_repeats_nothing(example: Example) -> None:
    booking, other = example.booking(), example.booking()
    event = example.event("confirmed", booking)
    assert example.send(event).ok
    example.message(booking)
    example.pass_by()
    example.program.stop()
    example.program.start()
    eventually(example.program.ready, "it listens again")
    assert example.send(event).ok
    example.deliver("confirmed", other)
    assert example.opens_exactly(example.message(other), other)
    assert len(example.messages(booking)) == 1


def shut_out(example: Example, message: str, booking: Booking) -> None:
    """See that a message opens nothing any more; the vendor may take a moment."""
    inside = booking.start + timedelta(minutes=1)
    eventually(
        lambda: not example.opens(message, inside, booking.resource),
        f"{booking.id} is shut out",
    )
