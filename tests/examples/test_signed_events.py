"""What is asked of the examples that take signed events."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.examples.programs import Example


def test_changed_booking_that_is_not_confirmed_gets_no_code(signed: Example) -> None:
    booking = signed.booking()
    signed.deliver("changed", booking)
    signed.pass_by()
    assert not signed.messages(booking)


def test_unsigned_event_is_refused_and_makes_nothing(signed: Example) -> None:
    booking = signed.booking()
    event = signed.event("confirmed", booking)
    forged = signed.send(event, secret="whsec_" + "Zm9yZ2VkIHNlY3JldCBvZiBub2JvZHk=")
    assert forged.status_code == 401
    signed.pass_by()
    assert not signed.messages(booking)


@pytest.mark.parametrize(
    "wrong",
    [{"start": None}, {"id": 7}, {"end": "2020-01-01T00:00:00Z"}, {"start": ""}],
)
def test_malformed_event_is_refused(signed: Example, wrong: dict[str, object]) -> None:
    event = signed.event("confirmed", signed.booking())
    event["booking"] |= wrong
    assert signed.send(event).status_code == 400


def test_resource_without_a_lock_gets_no_code_and_the_answer_says_why(
    signed: Example,
) -> None:
    booking = signed.booking()
    event = signed.event("confirmed", booking)
    event["booking"]["resource"] = "car-park"
    assert signed.send(event).json()["reason"] == "no lock"
    signed.pass_by()
    assert not signed.messages(booking)
