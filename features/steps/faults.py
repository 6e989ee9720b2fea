"""Faults of a vendor: the subject gets an error, nonsense, a late answer or none."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from pytest_bdd import given, then, when

from features.steps.parameter_types import Count, step
from strikeplate.environment import MAIN
from strikeplate.vendor_faults import fault
from strikeplate.verdict import NotApplicable
from strikeplate.vocabulary import EVERY

if TYPE_CHECKING:
    from strikeplate.context import ScenarioContext


def inject(ctx: ScenarioContext, text: str, call: str, **more: object) -> None:
    """Set a fault for a call of the scenario's main account."""
    environment = ctx.environment
    body = {**call_of(ctx, call), **fault(text), **more}
    environment.world(MAIN).add_fault(environment.vendor, **body)


def call_of(ctx: ScenarioContext, call: str) -> dict[str, Any]:
    """Return the method and path of a call, which another vendor alone may have."""
    vocabulary = ctx.environment.vocabulary
    if call != EVERY and call not in vocabulary.calls:
        raise NotApplicable(f"{vocabulary.vendor} has no call {call!r}")
    return vocabulary.call(call)


@given(step("every vendor call answers {status:d}"))
def every_call_answers(ctx: ScenarioContext, status: int) -> None:
    inject(ctx, str(status), EVERY)


@given(step("the answer to {call:Call} is {text}"))
@when(step("the answer to {call:Call} is {text}"))
def answer_is_faulty(ctx: ScenarioContext, call: str, text: str) -> None:
    inject(ctx, text, call)


@given(step("the next answer to {call:Call} is {text}"))
def next_answer_is_faulty(ctx: ScenarioContext, call: str, text: str) -> None:
    inject(ctx, text, call, times=1)


@given(step("the answer to every call of {resource:Resource}'s account is {text}"))
def account_is_faulty(ctx: ScenarioContext, resource: str, text: str) -> None:
    world = ctx.setup_of(resource).connection.world
    world.add_fault(ctx.environment.vendor, **fault(text))


@then(step("{call:Call} was called {number:Count} time{_:S}"))
def was_called(ctx: ScenarioContext, call: str, number: Count) -> None:
    wanted = call_of(ctx, call)
    asked = [
        line
        for line in ctx.environment.world(MAIN).requests()
        if line["method"] == wanted["method"]
        and fnmatchcase(line["path"], f"*{wanted['path']}")
    ]
    assert number.holds(len(asked)), f"it was called {len(asked)} times"


@when("the vendor has recovered")
def vendor_has_recovered(ctx: ScenarioContext) -> None:
    ctx.environment.world(MAIN).clear_faults()
