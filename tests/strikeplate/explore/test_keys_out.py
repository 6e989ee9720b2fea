"""Keys that customers take and bring back: drawn, and what nobody is told is found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest

from strikeplate.explore.generate import Offer, generate
from strikeplate.explore.gherkin import scenario
from strikeplate.explore.history import History, UseStep, loads
from strikeplate.explore.play import play
from strikeplate.oracle.windows import HOUR
from tests.mutants.service import (
    keeps_returned_keys_to_itself,
    polls_keys_once,
    prefers_static_codes,
    says_nothing_of_late_keys,
)
from tests.strikeplate.explore.test_generate import CALLS
from tests.strikeplate.explore.test_play import plain

if TYPE_CHECKING:
    from types import ModuleType

    from strikeplate.environment import TargetContext


def borrows(*moves: Literal["take", "return"]) -> History:
    """Return a history of a key that is taken, and brought back, half an hour apart."""
    history = plain("livionkey", "confirmed")
    (booked,) = history.events
    steps = [
        UseStep(at=booked.start + n * HOUR / 2, booking=booked.booking, move=move)
        for n, move in enumerate(moves, 1)
    ]
    terms = {"report_returns": True, "return_grace": "90m", "return_codes": True}
    court = {"court-1": {**history.resources["court-1"], **terms}}
    update = {"resources": court, "steps": (booked, *steps)}
    return history.model_copy(update=update)


@pytest.mark.parametrize("moves", [("take",), ("take", "return")])
def test_reference_tells_its_owner_of_keys(
    reference: TargetContext, moves: tuple[str, ...]
) -> None:
    outcome = play(borrows(*moves), reference)
    assert outcome.differences == ()
    rules = {"LIV-05", "LIV-07", "LIV-09", *(("LIV-06",) if len(moves) > 1 else ())}
    assert rules <= {*outcome.counts.statements}


@pytest.mark.parametrize(
    ("mutant", "moves", "rule"),
    [
        (says_nothing_of_late_keys, ("take",), "LIV-05"),
        (keeps_returned_keys_to_itself, ("take", "return"), "LIV-06"),
        (polls_keys_once, ("take",), "LIV-07"),
        (prefers_static_codes, (), "LIV-09"),
    ],
)
def test_keys_that_the_owner_hears_nothing_of_are_found(
    reference: TargetContext,
    monkeypatch: pytest.MonkeyPatch,
    mutant: ModuleType,
    moves: tuple[str, ...],
    rule: str,
) -> None:
    mutant.apply(monkeypatch)
    history = borrows(*moves)
    found = play(history, reference).differences
    assert rule in {each.rule for each in found}
    assert loads(history.dumps(), History) == history
    told = {f", {move}s the key" for move in moves}
    assert all(each in scenario(history, found[0]) for each in told)


def test_last_customers_of_keys_take_them_and_bring_them_back() -> None:
    offer = Offer("livionkey", CALLS, switches=True)
    moves = [
        [step.move for step in generate(seed, offer).steps if isinstance(step, UseStep)]
        for seed in range(100)
    ]
    assert sum("take" in each for each in moves) > 10
    assert sum("return" in each for each in moves) > 3
    prepared = (generate(seed, Offer("livionkey", CALLS)) for seed in range(50))
    steps = [step for history in prepared for step in history.steps]
    assert not any(isinstance(step, UseStep) and step.move for step in steps)
