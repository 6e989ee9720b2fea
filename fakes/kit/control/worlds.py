"""Worlds: create, list, show, drop, reset, store and restore; and their clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from flask import request
from pydantic import Field
from werkzeug import Response

from fakes.kit.clock import BackwardsError, ClientClock, EndlessError, Mode
from fakes.kit.control import all_worlds, call, opened
from fakes.kit.json_api import (
    Duration,
    Instant,
    Problem,
    Strict,
    read_json,
    show,
    within_calendar,
    wrong,
)
from fakes.kit.world import Portfolio  # noqa: TC001 - pydantic reads it
from fakes.kit.worlds import restore_snapshot, take_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from fakes.kit.world import World


FASTEST = 86_400.0  # a day in a second


class NewWorldRequest(Strict):
    """The settings of a new world."""

    name: str = ""
    seed: int | str | None = None
    now: Instant | None = None
    portfolio: Portfolio = "empty"
    client_clock: ClientClock = "real"


class ResetRequest(Strict):
    """The seed of a fresh start; without one it is that of the world."""

    seed: int | str | None = None


@call("POST", "/worlds", body=NewWorldRequest, status=201)
def make_world(body: NewWorldRequest) -> Response:
    """Create a world; with `now` its clock is stopped there, without `now` it runs."""
    world = all_worlds().create(
        name=body.name,
        seed=None if body.seed is None else str(body.seed),
        now=body.now,
        portfolio=body.portfolio,
        client_clock=body.client_clock,
    )
    with world.lock:
        return show(_describe(world), 201)


@call("GET", "/worlds")
def list_worlds() -> Response:
    """List every world in order of creation."""
    for world in all_worlds():
        world.catch_up()
    return show([_outline(world) for world in all_worlds()])


@call("GET", "/worlds/<world_id>")
def show_world(world_id: str) -> Response:
    """Show a world with its credentials and doors."""
    with opened(world_id) as world:
        return show(_describe(world))


@call("DELETE", "/worlds/<world_id>", status=204)
def drop_world(world_id: str) -> Response:
    """Drop a world; its credentials become invalid."""
    all_worlds().drop(world_id)
    return Response(status=204)


@call("POST", "/worlds/<world_id>/reset", body=ResetRequest)
def reset_world(world_id: str, body: ResetRequest) -> Response:
    """Reset a world: same credentials, and same ids unless a new seed is given."""
    world = all_worlds().get(world_id)
    world.reset(None if body.seed is None else str(body.seed))
    with world.lock:
        return show(_describe(world))


@call("GET", "/worlds/<world_id>/state")
def show_state(world_id: str) -> Response:
    """Show the snapshot of a world; it contains secrets."""
    with opened(world_id) as world:
        return show(take_snapshot(world))


@call("PUT", "/worlds/<world_id>/state")
def restore_state(world_id: str) -> Response:
    """Restore a world from a snapshot."""
    world = all_worlds().get(world_id)
    restore_snapshot(world, read_json())
    with world.lock:
        return show(_describe(world))


def _outline(world: World) -> dict[str, Any]:
    return {
        "id": world.id,
        "name": world.config.name,
        "seed": world.config.seed,
        "now": world.now,
        "mode": world.clock.mode,
    }


def _describe(world: World) -> dict[str, Any]:
    return {
        **_outline(world),
        "credentials": world.credentials(request.host_url.rstrip("/")),
        "doors": [door.describe() for door in world.doors()],
    }


class ClockRequest(Strict):
    """The target of the clock, an instant or a duration (ISO 8601), and its mode.

    With `until_due` it stops where something is due, if that is before the target.
    `client_clock` says which clock the world's clients have. A running clock goes at
    its `speed`: so many seconds for each real one.
    """

    now: Instant | None = None
    advance: Duration | None = None
    until_due: bool = False
    mode: Mode | None = None
    client_clock: ClientClock | None = None
    speed: Annotated[float, Field(gt=0, le=FASTEST)] | None = None

    def target(self, now: datetime) -> datetime | None:
        """Return the target, if any; a Problem if two are given."""
        if self.now is not None and self.advance is not None:
            raise Problem(422, "give either now or advance, not both")
        if self.advance is None:
            return self.now
        try:
            return within_calendar(now + self.advance)
        except ValueError as error:
            raise wrong("advance", None, str(error)) from error


@call("GET", "/worlds/<world_id>/clock")
def show_clock(world_id: str) -> Response:
    """Show the instant, the mode, and when the next task is due."""
    with opened(world_id) as world:
        return show(_clock(world))


@call("POST", "/worlds/<world_id>/clock", body=ClockRequest)
def move_clock(world_id: str, body: ClockRequest) -> Response:
    """Move the clock forward; all due tasks run in order."""
    world = all_worlds().get(world_id)
    world.catch_up()
    with world.moving():
        if body.mode == "stopped":
            world.clock.stop()
        target = body.target(world.now)
        move = world.move_until_due if body.until_due else world.move_to
        ran = [] if target is None else _go(move, target)
        if body.mode == "running" or body.speed is not None:
            _start(world, body)
        if body.client_clock:
            world.clock.client_clock = body.client_clock
    return show({**_clock(world), "ran": ran})


def _start(world: World, body: ClockRequest) -> None:
    if body.mode is None and world.clock.mode == "stopped":
        raise Problem(422, 'a stopped clock has no speed; give mode "running" with it')
    world.clock.start(body.speed)


def _go(
    move: Callable[[datetime], list[dict[str, Any]]], target: datetime
) -> list[dict[str, Any]]:
    try:
        return move(target)
    except BackwardsError as backwards:
        raise Problem(409, str(backwards)) from backwards
    except EndlessError as endless:
        raise Problem(500, str(endless)) from endless


def _clock(world: World) -> dict[str, Any]:
    clock = world.clock
    return {
        "now": clock.now,
        "mode": clock.mode,
        "next_at": clock.next_at,
        "client_clock": clock.client_clock,
        "speed": clock.speed,
    }
