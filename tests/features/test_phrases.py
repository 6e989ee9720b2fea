"""The phrases of the steps: few enough to learn, and each of them used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler
from pytest_bdd.steps import StepFunctionContext, step_function_context_registry

from strikeplate import FEATURES
from strikeplate.bdd_guards import discover_steps

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 130
STEPS = "features.steps"


def definitions() -> Iterator[StepFunctionContext]:
    discover_steps(STEPS)
    for context in step_function_context_registry.values():
        if context.step_func.__module__.startswith(STEPS):
            yield context


def texts() -> set[str]:
    """Return the texts of all steps, examples filled in."""
    found = set()
    for path in FEATURES.glob("*/*.feature"):
        document = cast("Any", Parser().parse(path.read_text(encoding="utf-8")))
        pickles = cast("Any", Compiler()).compile({**document, "uri": path.name})
        found |= {step["text"] for pickle in pickles for step in pickle["steps"]}
    return found


@pytest.fixture(scope="module")
def phrases() -> dict[str, StepFunctionContext]:
    return {context.parser.name: context for context in definitions()}


def test_phrases_are_few_enough_to_learn(
    phrases: dict[str, StepFunctionContext],
) -> None:
    assert 0 < len(phrases) <= MOST


def test_each_phrase_is_used(phrases: dict[str, StepFunctionContext]) -> None:
    known = texts()
    unused = {
        name
        for name, context in phrases.items()
        if not any(context.parser.is_matching(text) for text in known)
    }
    assert unused == set()
