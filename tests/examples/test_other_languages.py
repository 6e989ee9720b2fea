"""What is asked of the examples that speak another language with their platform."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.examples.programs import NO_NODE

if TYPE_CHECKING:
    from tests.examples.programs import Example


@pytest.mark.parametrize(
    "wrong",
    [{"begins": "yesterday"}, {"finishes": "2020-01-01 10:00"}, {"reservation": 7}],
)
def test_malformed_reservation_is_refused(
    examples: dict[str, Example], wrong: dict[str, Any]
) -> None:
    if "NodeNuki" not in examples:
        pytest.skip(NO_NODE)
    node = examples["NodeNuki"]
    event = node.event("confirmed", node.booking())
    event["data"] |= wrong
    assert node.send(event).status_code == 400


@pytest.mark.parametrize("days", [150, 240])
def test_local_times_hold_across_a_change_of_the_clocks(
    examples: dict[str, Example], days: int
) -> None:
    if "NodeNuki" not in examples:
        pytest.skip(NO_NODE)
    node = examples["NodeNuki"]
    booking = node.booking().moved(timedelta(days=days))
    node.deliver("confirmed", booking)
    assert node.opens_exactly(node.message(booking), booking)


@pytest.mark.parametrize("wrong", [{"unit": "nowhere"}, {"version": "1"}, {"email": 0}])
def test_malformed_call_is_refused(
    examples: dict[str, Example], wrong: dict[str, Any]
) -> None:
    rest = examples["RestLivionkey"]
    call = rest.event("confirmed", rest.booking())
    call["body"] |= wrong
    assert rest.send(call).status_code == 400


def test_call_without_the_token_is_refused(examples: dict[str, Example]) -> None:
    rest = examples["RestLivionkey"]
    booking = rest.booking()
    call = rest.event("confirmed", booking)
    assert rest.send(call, secret="another").status_code == 401
    assert not rest.messages(booking)


def test_call_that_livion_refuses_is_answered_so_and_can_be_repeated(
    examples: dict[str, Example],
) -> None:
    rest = examples["RestLivionkey"]
    booking = rest.booking()
    call = rest.event("confirmed", booking)
    fault = {"vendor": "livionkey", "method": "POST", "path": "/contracts", "times": 1}
    down = {**fault, "phase": "before", "effect": {"status": 503}}
    rest.world.call("POST", "/faults", down)
    assert rest.send(call).status_code == 502
    assert not rest.messages(booking)
    assert rest.send(call).ok
    assert rest.opens_exactly(rest.message(booking), booking)
