"""Trouble: what befalls the vendor's calls, one at a time or all of them."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from pytest_bdd import given, then, when

from features.steps.words import Count, phrase
from strikeplate.ground import MAIN
from strikeplate.reference import PATIENCE_SECONDS
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from strikeplate.scene import Scene

NONSENSE = "<html>nonsense</html>"
LATE_MS = int(PATIENCE_SECONDS * 1000) + 300
ANSWERS = {
    "nonsense": {"status": 200, "body": NONSENSE},
    "empty": {"status": 200, "body": ""},
    "no answer": {"drop": True},
    "too late an answer": {"delay_ms": LATE_MS},
}
AFTER = " after the deed"


def fault(words: str) -> dict[str, Any]:
    """Return a fault as the control interface words it: `503`, `500 after the deed`."""
    kind = words.removesuffix(AFTER)
    phase = "after" if words.endswith(AFTER) else "before"
    if kind.isdigit():
        return {"phase": phase, "effect": {"status": int(kind), "body": {}}}
    if kind not in ANSWERS:
        message = f"unknown fault {words!r}; known: a status, {', '.join(ANSWERS)}"
        raise HarnessFault(message)
    return {"phase": phase, "effect": ANSWERS[kind]}


def order(scene: Scene, words: str, call: str, **more: object) -> None:
    """Let a fault befall a call of the scenario's main account."""
    ground = scene.ground
    wish = {**ground.dialect.call(call), **fault(words), **more}
    ground.world(MAIN).break_calls(ground.vendor, **wish)


@given(phrase('"{words}" befalls {call:Call}'))
@when(phrase('"{words}" befalls {call:Call}'))
def befalls(scene: Scene, words: str, call: str) -> None:
    order(scene, words, call)


@given(phrase('"{words}" befalls {call:Call} once'))
def befalls_once(scene: Scene, words: str, call: str) -> None:
    order(scene, words, call, times=1)


@given(phrase('"{words}" befalls every call of {resource:Resource}\'s account'))
def befalls_account(scene: Scene, words: str, resource: str) -> None:
    world = scene.site(resource).connection.world
    world.break_calls(scene.ground.vendor, **fault(words))


@then(phrase("{call:Call} was asked for {number:Count} time{_:S}"))
def was_asked_for(scene: Scene, call: str, number: Count) -> None:
    wanted = scene.ground.dialect.call(call)
    asked = [
        line
        for line in scene.ground.world(MAIN).requests()
        if line["method"] == wanted["method"]
        and fnmatchcase(line["path"], f"*{wanted['path']}")
    ]
    assert number.holds(len(asked)), f"it was asked for {len(asked)} times"


@when("the vendor is well again")
def vendor_is_well(scene: Scene) -> None:
    scene.ground.world(MAIN).mend_calls()
