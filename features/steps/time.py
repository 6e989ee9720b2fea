"""Time, which is the same for doors, vendors and the subject."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pytest_bdd import given, when

from features.steps.parameter_types import step
from strikeplate.verdict import NotApplicable

if TYPE_CHECKING:
    from datetime import datetime

    from strikeplate.context import ScenarioContext


@given(step("the time is {at:At}"))
@when(step("the time is {at:At}"))
def time_is(ctx: ScenarioContext, at: datetime) -> None:
    ctx.go_to(ctx.environment.instant(at))


@given(step("{span:Span} pass{_:Es}"))
@when(step("{span:Span} pass{_:Es}"))
def time_passes(ctx: ScenarioContext, span: timedelta) -> None:
    ctx.let_pass(span)


@when(step("the time to keep codes is {nearly:Nearly}over"))
def keeping_is_over(ctx: ScenarioContext, nearly: str) -> None:
    if ctx.prepared:
        raise NotApplicable("no profile says how long the codes of the past are kept")
    days = ctx.subject.keep_days + (-3 if nearly else 2)
    ctx.environment.move_to(ctx.environment.now + timedelta(days=days))


@when("the service is stopped and started")
def service_restarts(ctx: ScenarioContext) -> None:
    ctx.subject.restart()
    ctx.run_until_idle()
