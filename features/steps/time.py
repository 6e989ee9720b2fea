"""Time: it passes for doors, vendors and subject alike."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pytest_bdd import given, when

from features.steps.words import phrase

if TYPE_CHECKING:
    from datetime import datetime

    from strikeplate.scene import Scene


@given(phrase("the time is {at:At}"))
@when(phrase("the time is {at:At}"))
def time_is(scene: Scene, at: datetime) -> None:
    scene.ground.move_to(scene.ground.instant(at))


@given(phrase("{span:Span} pass{_:Es}"))
@when(phrase("{span:Span} pass{_:Es}"))
@when(phrase("{span:Span} go by"))
def time_passes(scene: Scene, span: timedelta) -> None:
    scene.ground.move_to(scene.ground.now + span)


@when("the time to keep codes is over")
def keeping_is_over(scene: Scene) -> None:
    days = scene.subject.keep_days + 2
    scene.ground.move_to(scene.ground.now + timedelta(days=days))


@when("the service is stopped and started")
def service_restarts(scene: Scene) -> None:
    scene.subject.restart()
    scene.settle()
