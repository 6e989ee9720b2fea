"""Worlds: made, listed, looked at, dropped, started afresh, stored and restored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from werkzeug import Response

from fakes.kit import snapshot
from fakes.kit.control.sim import opened, routes, worlds
from fakes.kit.wire import Instant, Strict, read, read_json, show
from fakes.kit.world import Portfolio  # noqa: TC001 - pydantic reads it

if TYPE_CHECKING:
    from fakes.kit.world import World


class NewWorldRequest(Strict):
    """What a world is made from."""

    name: str = ""
    seed: int | str | None = None
    now: Instant | None = None
    portfolio: Portfolio = "empty"


@routes.post("/worlds")
def make_world() -> Response:
    """Make a world; with `now` its clock is stopped there, without it runs."""
    body = read(NewWorldRequest)
    world = worlds().create(
        name=body.name,
        seed=None if body.seed is None else str(body.seed),
        now=body.now,
        portfolio=body.portfolio,
    )
    with world.lock:
        return show(_describe(world), 201)


@routes.get("/worlds")
def list_worlds() -> Response:
    """List every world, in the order in which they were made."""
    for world in worlds():
        world.catch_up()
    return show([_outline(world) for world in worlds()])


@routes.get("/worlds/<world_id>")
def show_world(world_id: str) -> Response:
    """Show a world with its credentials and doors."""
    with opened(world_id) as world:
        return show(_describe(world))


@routes.delete("/worlds/<world_id>")
def drop_world(world_id: str) -> Response:
    """Drop a world: its credentials are worth nothing from now on."""
    worlds().drop(world_id)
    return Response(status=204)


@routes.post("/worlds/<world_id>/reset")
def reset_world(world_id: str) -> Response:
    """Start a world afresh: same seed, same credentials, same ids."""
    world = worlds().get(world_id)
    world.reset()
    with world.lock:
        return show(_describe(world))


@routes.get("/worlds/<world_id>/state")
def show_state(world_id: str) -> Response:
    """Show everything that decides the world's future; it holds secrets."""
    with opened(world_id) as world:
        return show(snapshot.take(world))


@routes.put("/worlds/<world_id>/state")
def restore_state(world_id: str) -> Response:
    """Make the world what it was when that state was read."""
    world = worlds().get(world_id)
    snapshot.restore(world, read_json())
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
