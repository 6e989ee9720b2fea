"""What one vendor alone asks of an integration."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.examples.programs import NO_NODE
from tests.examples.world import eventually

if TYPE_CHECKING:
    from tests.examples.programs import Example

HOUR = timedelta(hours=1)
DAY = 24 * HOUR


@pytest.fixture
def igloohome(examples: dict[str, Example]) -> Example:
    return examples["Igloohome"]


@pytest.fixture
def nuki(examples: dict[str, Example]) -> Example:
    return examples["Nuki"]


@pytest.fixture(params=["Nuki", "NodeNuki"])
def either(request: pytest.FixtureRequest, examples: dict[str, Example]) -> Example:
    if request.param not in examples:
        pytest.skip(NO_NODE)
    return examples[request.param]


@pytest.fixture
def livionkey(examples: dict[str, Example]) -> Example:
    return examples["Livionkey"]


def test_two_bookings_of_the_same_hours_get_different_pins(igloohome: Example) -> None:
    one = igloohome.booking()
    two = replace(igloohome.booking(), start=one.start, end=one.end)
    messages = []
    for booking in (one, two):
        igloohome.deliver("confirmed", booking)
        messages.append(igloohome.message(booking))
    assert igloohome.typed(messages[0]) != igloohome.typed(messages[1])


@pytest.mark.parametrize("days", [28, 28.5, 40, 40.5, 366])
def test_long_booking_gets_the_shortest_pin_that_covers_it(
    igloohome: Example, days: float
) -> None:
    booking = igloohome.booking()
    whole = booking.start.replace(minute=0).astimezone(UTC)
    booking = replace(booking, start=whole, end=whole + days * DAY)
    igloohome.deliver("confirmed", booking)
    message = igloohome.message(booking)
    assert igloohome.opens(message, booking.start)
    (code,) = igloohome.typed(message).values()
    listed = igloohome.world.call("GET", "/codes")
    (until,) = {each["valid_until"] for each in listed if each["code"] == code}
    shortest = whole + 29 * DAY if days > 28 else booking.end
    spare = datetime.fromisoformat(until) - max(booking.end, shortest)
    assert timedelta() <= spare <= (DAY if days > 29 else timedelta())


def test_nothing_is_mailed_before_the_lock_has_the_code(either: Example) -> None:
    either.world.call("POST", "/clock", {"mode": "stopped"})
    either.world.call("DELETE", "/requests")
    booking = either.booking()
    either.deliver("confirmed", booking)
    eventually(lambda: either.world.asked("nuki", "PUT"), "the code is ordered")
    looks = either.world.asked("nuki", "GET")
    eventually(lambda: either.world.asked("nuki", "GET") > looks + 1, "it looks")
    assert not either.messages(booking)
    either.world.call("POST", "/clock", {"mode": "running"})
    assert either.opens_exactly(either.message(booking), booking)


def test_code_whose_time_is_over_leaves_the_lock(nuki: Example) -> None:
    now = datetime.now(UTC)
    brief = replace(nuki.booking(), start=now - HOUR, end=now + timedelta(seconds=2))
    nuki.deliver("confirmed", brief)
    (code,) = nuki.typed(nuki.message(brief)).values()

    def is_gone() -> bool:
        listed = nuki.world.call("GET", "/codes")
        return code not in {each["code"] for each in listed}

    assert not is_gone()
    eventually(is_gone, "the lock forgets the code")


def test_key_that_is_still_out_after_its_time_is_told_to_the_owner(
    livionkey: Example,
) -> None:
    booking, end = livionkey.booking(), datetime.now(UTC) + timedelta(seconds=4)
    brief = replace(booking, start=end - HOUR, end=end, resource="court-2")
    livionkey.deliver("confirmed", brief)
    message = livionkey.message(brief)

    def begun() -> bool:
        return livionkey.opens(message, datetime.now(UTC), "court-2")

    eventually(begun, "the contract begins")
    cabinet = livionkey.doors["court-2"]["id"]
    code = livionkey.typed(message)
    taken = livionkey.world.call("POST", f"/doors/{cabinet}/entries", code)
    assert taken["opened"]
    owner = replace(brief, id="owner")
    assert brief.id in livionkey.message(owner)
