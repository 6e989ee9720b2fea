"""Rules of a connection: what opens what, on which event, and how it is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pytest_bdd import given, when

from features.steps.words import phrase
from strikeplate.desk import RULE, items

if TYPE_CHECKING:
    from strikeplate.scene import Scene


def edit(scene: Scene, resource: str, **what: object) -> None:
    """Change the rule of a resource; that it can be changed is taken for granted."""
    answer = scene.asked(scene.desk.edit_rule(scene.site(resource).rule, **what))
    assert answer.ok, f"the rule was not changed: {answer.status} {answer.text}"


@given(phrase('the rule of {resource:Resource} waits for "{trigger}"'))
def rule_waits(scene: Scene, resource: str, trigger: str) -> None:
    edit(scene, resource, trigger=trigger)


@given(phrase('the rule of {resource:Resource} sends by "{channel}"'))
def rule_sends_by(scene: Scene, resource: str, channel: str) -> None:
    edit(scene, resource, channel=channel)


@given(phrase("the rule of {resource:Resource} sends {hours:d} hours before the start"))
def rule_sends_before(scene: Scene, resource: str, hours: int) -> None:
    edit(scene, resource, send_hours_before=hours)


@given(phrase("the rule of {resource:Resource} sends copies to the owner"))
def rule_sends_copies(scene: Scene, resource: str) -> None:
    edit(scene, resource, copy_to_owner=True)


@given(
    phrase(
        "the rule of {resource:Resource} has a margin of {before:d} h before and"
        " {after:d} h after"
    )
)
def rule_has_margin(scene: Scene, resource: str, before: int, after: int) -> None:
    edit(scene, resource, margin_before_hours=before, margin_after_hours=after)


@given(
    phrase(
        "the rule of {resource:Resource} gives {form:w} keys with {minutes:d} minutes"
        " of grace"
    )
)
def rule_gives_keys(scene: Scene, resource: str, form: str, minutes: int) -> None:
    edit(scene, resource, recurring=form, grace_minutes=minutes)


@when(phrase('the owner tries to make a rule for the lock "{name}"'))
def tries_rule(scene: Scene, name: str) -> None:
    connection, door = scene.link(), scene.ground.place(name).door
    rule = {"resource": "room", "locks": scene.desk.lock_ids(connection, door), **RULE}
    scene.asked(scene.desk.add_rule(connection, rule))


@when(phrase("the owner tries to set a margin of {margin}"))
def tries_margin(scene: Scene, margin: str) -> None:
    rule = scene.sites["court-1"].rule
    asked = scene.desk.edit_rule(rule, margin_before_hours=json.loads(margin))
    scene.asked(asked)


@when(
    phrase(
        "the owner edits the rule of {resource:Resource} to open the lock of"
        " {other:Resource}"
    )
)
def edits_rule(scene: Scene, resource: str, other: str) -> None:
    connection, door = scene.site(resource).connection, scene.ground.place(other).door
    edit(scene, resource, locks=scene.desk.lock_ids(connection, door))


@when(phrase("the owner deletes the rule of {resource:Resource}"))
def deletes_rule(scene: Scene, resource: str) -> None:
    scene.asked(scene.desk.delete_rule(scene.site(resource).rule))
    assert scene.answer.ok, f"the rule was not deleted: {scene.answer.text}"


@when("the owner replays the last event")
def replays(scene: Scene) -> None:
    told = items(scene.desk.events(scene.link()).json())
    assert len(told) == 1, f"{len(told)} events are listed, not the one that came"
    scene.asked(scene.desk.replay(told[0]["id"]))
    assert scene.answer.ok, f"it was not replayed: {scene.answer.text}"
    scene.settle()
