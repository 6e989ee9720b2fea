"""Shrinking keeps what is to be shown, and leaves out all else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from strikeplate.cause import LOCKED_OUT, STALE
from strikeplate.explore.compare import Difference
from strikeplate.explore.generate import Offer, generate
from strikeplate.explore.gherkin import scenario
from strikeplate.explore.history import (
    EventStep,
    FaultStep,
    History,
    OwnerStep,
    TakenStep,
)
from strikeplate.explore.session import attributed
from strikeplate.explore.shrink import WAYS, WINTER, shrink

if TYPE_CHECKING:
    from collections.abc import Callable

CALLS = ("create code", "delete code")
ALL = [generate(seed, Offer("nuki", CALLS)) for seed in range(40)]


def cancels(history: History) -> bool:
    return any(step.kind == "cancelled" for step in history.events)


def moves_and_cancels(history: History) -> bool:
    for booking in history.bookings:
        kinds = [step.kind for step in history.events if step.booking == booking]
        if "changed" in kinds and "cancelled" in kinds:
            return True
    return False


def has_fault(history: History) -> bool:
    return any(isinstance(step, FaultStep) for step in history.steps)


def faulty_while_it_moves(history: History) -> bool:
    return has_fault(history) and any(s.kind == "changed" for s in history.events)


def has_late_event(history: History) -> bool:
    return any(step.arrives for step in history.events)


@pytest.mark.parametrize(
    ("shows", "steps"),
    [
        (cancels, 1),
        (moves_and_cancels, 2),
        (faulty_while_it_moves, 2),
        (has_late_event, 1),
    ],
)
def test_shortest_history_shows_it_and_nothing_else(
    shows: Callable[[History], bool], steps: int
) -> None:
    shown = [history for history in ALL if shows(history)]
    assert shown
    for history in shown:
        shortest = shrink(history, shows, WAYS)
        assert shows(shortest)
        assert len(shortest.steps) == steps
        assert len(shortest.bookings) == 1


def test_what_is_left_is_made_plain() -> None:
    history = next(each for each in ALL if moves_and_cancels(each))
    shortest = shrink(history, moves_and_cancels, WAYS)
    (traits,) = {str(each) for each in shortest.resources.values()}
    assert traits == "{'vendor': 'nuki', 'zone': 'Europe/Berlin'}"
    assert abs(shortest.begin - WINTER).total_seconds() < 3600
    assert next(iter(shortest.people.values())).name in {"Ada", "Bo", "Cy", "Di"}
    assert all(step.start.minute == 0 for step in shortest.events)


def test_no_more_histories_are_played_than_allowed() -> None:
    asked: list[History] = []

    def never(history: History) -> bool:
        asked.append(history)
        return False

    assert shrink(ALL[0], never, WAYS, tries=7) == ALL[0]
    assert len(asked) == 7


def test_shrinking_that_would_lose_the_difference_keeps_the_history() -> None:
    assert shrink(ALL[0], lambda _: False, WAYS) == ALL[0]


def difference(history: History, harm: str = LOCKED_OUT) -> Difference:
    return Difference("NUK-02", "b1", history.begin, "It does not open", harm)


def test_difference_that_needs_a_fault_is_about_faults() -> None:
    history = shrink(next(filter(has_fault, ALL)), has_fault, WAYS)
    assert attributed(difference(history), history).rule == "RES-01"
    assert attributed(difference(history, STALE), history).rule == "NUK-02"


def test_difference_that_needs_a_late_event_is_about_order() -> None:
    history = shrink(next(filter(has_late_event, ALL)), has_late_event, WAYS)
    assert attributed(difference(history), history).rule == "CON-12"


def test_difference_that_needs_a_change_is_about_changes() -> None:
    history = shrink(next(filter(moves_and_cancels, ALL)), moves_and_cancels, WAYS)
    assert attributed(difference(history), history).rule == "CON-11"


def test_difference_of_a_plain_history_keeps_its_rule() -> None:
    history = shrink(next(filter(cancels, ALL)), cancels, WAYS)
    assert attributed(difference(history), history).rule == "NUK-02"


def is_whole(history: History) -> bool:
    kinds = {step.kind for step in history.events}
    return moves_and_cancels(history) and "confirmed" in kinds


def test_history_reads_as_a_scenario() -> None:
    history = shrink(next(filter(is_whole, ALL)), is_whole, WAYS)
    text = scenario(history, difference(history))
    assert text.startswith("  @NUK-02\n  Scenario: It does not open\n")
    for words in ("has a Nuki lock in Europe/Berlin", "is moved to", "is cancelled"):
        assert words in text
    assert isinstance(history.steps[0], EventStep)


@pytest.mark.parametrize("rule", ["CON-13", "CON-14", "CON-15", "CON-16"])
def test_rule_about_faults_and_owners_is_kept(rule: str) -> None:
    history = shrink(next(filter(has_fault, ALL)), has_fault, WAYS)
    seen = replace(difference(history), rule=rule)
    assert attributed(seen, history).rule == rule


def test_what_an_owner_does_reads_as_a_step() -> None:
    history = ALL[0]
    at, name = history.events[0].at, history.events[0].resource
    steps = (
        *history.steps,
        OwnerStep(at=at, resource=name, sets={"margin_before": "1h"}),
        OwnerStep(at=at, resource=name),
        TakenStep(at=at, booking=history.bookings[0]),
    )
    text = scenario(history.model_copy(update={"steps": steps}), difference(history))
    assert f"the owner sets the rule of {name} to" in text
    assert "| margin before | 1h |" in text
    assert f"the owner deletes the rule of {name}" in text
    assert "code is deleted in the vendor's app" in text
