"""Trouble: what befalls the vendor's calls, one at a time or all of them."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from pytest_bdd import given, then, when

from features.steps.parameter_types import Count, step
from strikeplate.environment import MAIN
from strikeplate.subjects.reference import PATIENCE_SECONDS
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from strikeplate.context import ScenarioContext

NONSENSE = "<html>nonsense</html>"
LATE_MS = int(PATIENCE_SECONDS * 1000) + 300
ANSWERS = {
    "nonsense": {"status": 200, "body": NONSENSE},
    "empty": {"status": 200, "body": ""},
    "no answer": {"drop": True},
    "too late an answer": {"delay_ms": LATE_MS},
}
AFTER = " after the deed"


def fault(text: str) -> dict[str, Any]:
    """Return a fault as the control interface words it: `503`, `500 after the deed`."""
    kind = text.removesuffix(AFTER)
    phase = "after" if text.endswith(AFTER) else "before"
    if kind.isdigit():
        return {"phase": phase, "effect": {"status": int(kind), "body": {}}}
    if kind not in ANSWERS:
        message = f"unknown fault {text!r}; known: a status, {', '.join(ANSWERS)}"
        raise HarnessFault(message)
    return {"phase": phase, "effect": ANSWERS[kind]}


def inject(ctx: ScenarioContext, text: str, call: str, **more: object) -> None:
    """Let a fault befall a call of the scenario's main account."""
    environment = ctx.environment
    body = {**environment.vocabulary.call(call), **fault(text), **more}
    environment.world(MAIN).add_fault(environment.vendor, **body)


@given(step('"{text}" befalls {call:Call}'))
@when(step('"{text}" befalls {call:Call}'))
def is_injected(ctx: ScenarioContext, text: str, call: str) -> None:
    inject(ctx, text, call)


@given(step('"{text}" befalls {call:Call} once'))
def is_injected_once(ctx: ScenarioContext, text: str, call: str) -> None:
    inject(ctx, text, call, times=1)


@given(step('"{text}" befalls every call of {resource:Resource}\'s account'))
def is_injected_for_account(ctx: ScenarioContext, text: str, resource: str) -> None:
    world = ctx.setup_of(resource).connection.world
    world.add_fault(ctx.environment.vendor, **fault(text))


@then(step("{call:Call} was asked for {number:Count} time{_:S}"))
def was_asked_for(ctx: ScenarioContext, call: str, number: Count) -> None:
    wanted = ctx.environment.vocabulary.call(call)
    asked = [
        line
        for line in ctx.environment.world(MAIN).requests()
        if line["method"] == wanted["method"]
        and fnmatchcase(line["path"], f"*{wanted['path']}")
    ]
    assert number.holds(len(asked)), f"it was asked for {len(asked)} times"


@when("the vendor is well again")
def vendor_is_well(ctx: ScenarioContext) -> None:
    ctx.environment.world(MAIN).clear_faults()
