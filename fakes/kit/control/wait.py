"""Waiting until something holds, for tests whose integration works in the background.

Invariants: a wait is bounded. It gives its thread away, and ends when its caller is
gone. It looks at the records alone and moves no clock: in a stopped world it waits for
what others do. Python has the same in `World.wait`, by any condition.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated

from flask import request
from pydantic import Field, model_validator

import serving
from fakes.kit.control import call, opened
from fakes.kit.control.doors import ProbeRequest, ask, find
from fakes.kit.control.verify import Verification, meant, why_not
from fakes.kit.door import Truth  # noqa: TC001 - pydantic reads it
from fakes.kit.faults.delay import pause
from fakes.kit.json_api import Problem, Strict, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug import Response

    from fakes.kit.door import Code
    from fakes.kit.world import World

LONGEST_SECONDS = 60


class CallsCondition(Verification):
    """As many calls as wanted; without `exactly`, `at_least` so many."""

    at_least: Annotated[int, Field(ge=0)] = 1

    def why_not(self, world: World) -> str | None:
        """Return what is not so yet."""
        found = meant(world, self)
        if self.exactly is None and len(found) < self.at_least:
            return f"calls: {self.at_least} expected, there were {len(found)}"
        why = why_not(self, found)
        return why and f"calls: {why}"


class DoorCondition(ProbeRequest):
    """A door that opens with a code, or stays shut; as in a probe."""

    door: str
    opens: bool = True

    def why_not(self, world: World) -> str | None:
        """Return what is not so yet."""
        _, door = find(world, self.door)
        entry = ask(door.probe, self, self.at or world.now)
        if entry.opened is self.opens:
            return None
        seen = "opens" if entry.opened else "stays shut"
        return f"door: {self.door} {seen}: {entry.reason}"


class CodeCondition(Strict):
    """A code that is in one of the three records, or not; any code if none is given."""

    door: str | None = None
    code: str | None = None
    truth: Truth = "door"
    known: bool = True

    def why_not(self, world: World) -> str | None:
        """Return what is not so yet."""
        found = any(
            each.truth == self.truth and self.code in {None, each.code}
            for each in self._codes(world)
        )
        if found is self.known:
            return None
        return (
            f"code: {'one' if found else 'none'} that fits is known to the {self.truth}"
        )

    def _codes(self, world: World) -> Iterator[Code]:
        if self.door is not None:
            fake, door = find(world, self.door)
            yield from fake.codes(world, door)
            return
        for fake in world.fakes.values():
            yield from fake.codes(world, None)


class WebhookCondition(Strict):
    """So many webhooks that fit the globs, and that their receiver took (2xx) or not.

    `topic` is the vendor's own word for its kind.
    """

    vendor: str = "*"
    topic: str = "*"
    url: str = "*"
    arrived: bool = True
    at_least: Annotated[int, Field(ge=1)] = 1

    def why_not(self, world: World) -> str | None:
        """Return what is not so yet."""
        globs = (self.vendor, self.topic, self.url)
        found = [
            each
            for each in world.deliveries
            if all(map(fnmatchcase, (each.vendor, each.topic, each.url), globs))
        ]
        fitting = sum(each.arrived is self.arrived for each in found)
        if fitting >= self.at_least:
            return None
        return (
            f"webhook: {self.at_least} expected, there were {fitting} of {len(found)}"
        )


Condition = CallsCondition | DoorCondition | CodeCondition | WebhookCondition


class WaitRequest(Strict):
    """What is waited for: all that is given must hold at once, within real seconds."""

    calls: CallsCondition | None = None
    door: DoorCondition | None = None
    code: CodeCondition | None = None
    webhook: WebhookCondition | None = None
    within_seconds: Annotated[float, Field(ge=0, le=LONGEST_SECONDS)] = 10.0

    @model_validator(mode="after")
    def has_a_condition(self) -> WaitRequest:
        """Refuse to wait for nothing."""
        if not self.conditions:
            raise ValueError("give at least one of calls, door, code, webhook")
        return self

    @property
    def conditions(self) -> list[Condition]:
        """What is given."""
        given = (self.calls, self.door, self.code, self.webhook)
        return [each for each in given if each is not None]

    def missing(self, world: World) -> list[str]:
        """Return what is not so yet."""
        reasons = (each.why_not(world) for each in self.conditions)
        return [why for why in reasons if why]


class Waiting:
    """One wait, and what was missing when it last looked."""

    def __init__(self, world_id: str, body: WaitRequest) -> None:
        self._world_id = world_id
        self._body = body
        self.missing: list[str] = []

    def holds(self) -> bool:
        """Look again."""
        with opened(self._world_id) as world:
            self.missing = self._body.missing(world)
        return not self.missing


@call("POST", "/worlds/<world_id>/wait", body=WaitRequest)
def wait(world_id: str, body: WaitRequest) -> Response:
    """Wait until all of it holds; say whether it does, and why not."""
    waiting = Waiting(world_id, body)
    if not waiting.holds():
        most_ms = round(body.within_seconds * 1000)
        try:
            pause(most_ms, request.environ, waiting.holds)
        except serving.TooManyWaitingError as busy:
            raise Problem(503, f"{busy}; end some of them first") from busy
    if waiting.missing:
        waiting.holds()
    why = "; ".join(waiting.missing) or None
    return show({"holds": why is None, "why": why})
