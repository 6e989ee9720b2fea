"""The control interface waits until something holds, within a bound."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

AT_ONCE = {"within_seconds": 0}


def wait(world: Any, **body: Any) -> Any:
    return world.post("/wait", AT_ONCE | body)


def test_what_holds_already_is_not_waited_for(world: Any) -> None:
    world.make_code("4829")
    begun = time.monotonic()
    seen = wait(world, calls={"method": "POST"}, within_seconds=60)
    assert seen == {"holds": True, "why": None}
    assert time.monotonic() - begun < 30


def test_wait_ends_at_its_bound_and_says_what_is_missing(world: Any) -> None:
    begun = time.monotonic()
    seen = wait(world, calls={"method": "POST"}, within_seconds=0.3)
    assert time.monotonic() - begun >= 0.3
    assert seen == {"holds": False, "why": "calls: 1 expected, there were 0"}


def test_what_happens_meanwhile_ends_the_wait(world: Any) -> None:
    """A caller in this process says what a wait means: here, that a call is made."""
    meanwhile = {"strikeplate.delay": lambda _ms: world.make_code("4829")}
    body = {"code": {"code": "4829", "truth": "cloud"}, "within_seconds": 60}
    seen = world.ask("POST", "/wait", body, environ_overrides=meanwhile).json
    assert seen["holds"]


def test_all_conditions_must_hold_at_once(world: Any) -> None:
    world.make_code("4829")
    shut = {"door": world.door, "code": "4829"}
    seen = wait(world, calls={"exactly": 1}, door=shut)
    assert (seen["holds"], seen["why"][:6]) == (False, "door: ")
    assert "4829" not in seen["why"]
    world.advance("PT30S")
    assert wait(world, calls={"exactly": 1}, door=shut)["holds"]


CONDITIONS: dict[str, tuple[Callable[[Any], dict[str, Any]], bool, bool]] = {
    "two calls": (lambda _: {"calls": {"exactly": 2}}, False, False),
    "calls in order": (lambda _: {"calls": {"in_order": ["POST *"]}}, False, True),
    "no call": (lambda _: {"calls": {"exactly": 0}}, True, False),
    "a door stays shut": (
        lambda w: {"door": {"door": w.door, "code": "4829", "opens": False}},
        True,
        False,
    ),
    "a code is at the door": (lambda _: {"code": {"code": "4829"}}, False, True),
    "a code is at that door": (lambda w: {"code": {"door": w.door}}, False, True),
    "a code is gone": (
        lambda _: {"code": {"code": "4829", "known": False}},
        True,
        False,
    ),
    "a webhook arrived": (lambda _: {"webhook": {"vendor": "acme"}}, False, True),
    "none failed": (lambda _: {"webhook": {"arrived": False}}, False, False),
    "of a topic": (lambda _: {"webhook": {"topic": "nothing"}}, False, False),
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_condition_is_read_off_the_records(world: Any, name: str) -> None:
    body, before, after = CONDITIONS[name]
    world.acme("PUT", "/hook", {"url": "http://127.0.0.1:9/hook"})
    world.ask("DELETE", "/requests")
    assert wait(world, **body(world))["holds"] is before
    world.make_code("4829")
    world.advance("PT1M")
    assert wait(world, **body(world))["holds"] is after


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "at least one of calls, door, code, webhook"),
        ({"call": {}}, "did you mean 'calls'?"),
        ({"calls": {}, "within_seconds": 61}, "60"),
        ({"calls": {"at_most": 1}}, "Known: vendor"),
    ],
)
def test_wait_that_makes_no_sense_is_refused(
    world: Any, body: dict[str, Any], words: str
) -> None:
    answer = world.ask("POST", "/wait", body)
    assert answer.status_code == 422
    assert words in answer.text


def test_wait_at_an_unknown_door_is_refused(world: Any) -> None:
    body = {"door": {"door": "nowhere", "code": "1"}}
    answer = world.ask("POST", "/wait", body)
    assert answer.status_code == 404
    assert "nowhere" in answer.text
