"""Steps that end in every way a step can end."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, NoReturn

import pytest
from pytest_bdd import given, parsers, then, when

from strikeplate.verdict import HarnessFault, Inconclusive, NotApplicable

if TYPE_CHECKING:
    from strikeplate.transcript import Redact, Transcript

Door = dict[str, bool]

PIN = "4711980"


@given("a door", target_fixture="door")
def a_door(transcript: Transcript, redact: Redact) -> Door:
    redact.hide(PIN)
    booking = {"id": "B-1", "start": "15:20", "customer": {"name": "Ada"}, "pin": PIN}
    transcript.add("caller", "POST /webhooks/court-1", at=_at("14:00"), data=booking)
    transcript.add("service", "202 accepted", at=_at("14:00"))
    transcript.add("vendor", f"minted {PIN} for the front door", at=_at("14:00:01"))
    return {"opens": False}


@given("a door that cannot be set up")
def no_door() -> NoReturn:
    raise RuntimeError("the vendor lists no door")


@given(parsers.parse("the code is typed at {at}"))
@when(parsers.parse("the code is typed at {at}"))
def typed(at: str, door: Door, transcript: Transcript) -> None:
    door["opens"] = at >= "15:00"
    word = "opened" if door["opens"] else "early (IGL-04)"
    transcript.add("door", f"{PIN} typed: {word}", at=_at(at))


@when("the clock cannot be turned")
def no_clock() -> NoReturn:
    raise Inconclusive("the clock cannot be driven")


@when("sending crashes")
def crashes() -> NoReturn:
    raise ZeroDivisionError("division by zero")


@when("sending does not apply")
def not_applicable() -> NoReturn:
    raise NotApplicable("it sends nothing")


@then("the door opens")
def opens(door: Door) -> None:
    assert door.get("opens", True) is not None


@then("the door stays shut")
def stays_shut(door: Door, transcript: Transcript) -> None:
    transcript.add("door", "opened at 18:30, half an hour late", at=_at("18:30"))
    assert not door["opens"], f"the door opened for {PIN} half an hour late"


@then("the door stays shut though nobody answers")
def shut_without_answer(door: Door) -> None:
    assert not door["opens"]


@then("the reason is told")
def reason_given(transcript: Transcript) -> NoReturn:
    transcript.add("door", "(says nothing)", at=_at("14:00"))
    raise AssertionError("the door stayed shut and said nothing")


@then("the message holds the code")
def message_holds_code() -> NoReturn:
    raise AssertionError("the message holds no code")


@then("the door greets")
def greets() -> NoReturn:
    pytest.fail("the door is silent")


@then("the harness breaks")
def harness_breaks() -> NoReturn:
    raise HarnessFault("the fakes do not answer on 127.0.0.1:49152")


@then("the step skips")
def skips() -> NoReturn:
    pytest.skip("not today")


def _at(time_of_day: str) -> datetime:
    return datetime.combine(date(2026, 12, 7), time.fromisoformat(time_of_day), UTC)
