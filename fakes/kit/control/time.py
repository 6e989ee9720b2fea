"""The clock of a world: read, moved forward, stopped, set running."""

from __future__ import annotations

from datetime import timedelta  # noqa: TC003 - pydantic reads it
from typing import TYPE_CHECKING, Any

from fakes.kit.clock import BackwardsError, EndlessError, Mode
from fakes.kit.control.sim import opened, routes, worlds
from fakes.kit.problem import Problem
from fakes.kit.wire import Instant, Strict, read, show

if TYPE_CHECKING:
    from datetime import datetime

    from werkzeug import Response

    from fakes.kit.world import World


class ClockRequest(Strict):
    """Where the clock goes: to an instant or on by a span (ISO 8601), and its mode."""

    now: Instant | None = None
    advance: timedelta | None = None
    mode: Mode | None = None

    def target(self, now: datetime) -> datetime | None:
        """Return the instant to go to, if any; a Problem if two are named."""
        if self.now is not None and self.advance is not None:
            raise Problem(422, "give either now or advance, not both")
        return now + self.advance if self.advance is not None else self.now


@routes.get("/worlds/<world_id>/clock")
def show_clock(world_id: str) -> Response:
    """Show the instant, the mode, and when the next thing is due."""
    with opened(world_id) as world:
        return show(_describe(world))


@routes.post("/worlds/<world_id>/clock")
def move_clock(world_id: str) -> Response:
    """Move the clock forward, running all that is due on the way, in order."""
    world = worlds().get(world_id)
    move = read(ClockRequest)
    world.catch_up()
    with world.moving():
        if move.mode == "stopped":
            world.clock.stop()
        target = move.target(world.now)
        ran = [] if target is None else _go(world, target)
        if move.mode == "running":
            world.clock.start()
    return show({**_describe(world), "ran": ran})


def _go(world: World, target: datetime) -> list[dict[str, Any]]:
    try:
        return world.move_to(target)
    except BackwardsError as backwards:
        raise Problem(409, str(backwards)) from backwards
    except EndlessError as endless:
        raise Problem(500, str(endless)) from endless


def _describe(world: World) -> dict[str, Any]:
    clock = world.clock
    return {"now": clock.now, "mode": clock.mode, "next_at": clock.next_at}
