"""Records: the vendors' calls, the webhooks and messages they sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from werkzeug import Response

from fakes.kit.control.sim import opened, routes, worlds
from fakes.kit.json_api import Problem, show, unknown
from fakes.kit.webhooks import Delivery, attempt

if TYPE_CHECKING:
    from fakes.kit.world import World


@routes.get("/worlds/<world_id>/requests")
def list_requests(world_id: str) -> Response:
    """List the latest calls, of one vendor (`vendor`) or path (`path`, a glob)."""
    with opened(world_id) as world:
        return show(list(world.journal.read(*_wanted())))


@routes.delete("/worlds/<world_id>/requests")
def forget_requests(world_id: str) -> Response:
    """Forget the calls so far, or those of one vendor or path."""
    with opened(world_id) as world:
        world.journal.forget(*_wanted())
    return Response(status=204)


@routes.get("/worlds/<world_id>/deliveries")
def list_deliveries(world_id: str) -> Response:
    """List the webhooks with every attempt."""
    with opened(world_id) as world:
        return show([_show(world, delivery) for delivery in world.deliveries])


@routes.post("/worlds/<world_id>/deliveries/<delivery_id>/replay")
def replay(world_id: str, delivery_id: str) -> Response:
    """Send a webhook once more, now, signed for this instant."""
    with opened(world_id) as world:
        delivery = world.deliveries.get(delivery_id)
        if delivery is None:
            known = (each.id for each in world.deliveries)
            raise Problem(404, unknown("delivery", delivery_id, known))
    attempt(worlds().get(world_id), delivery, replay=True)
    with opened(world_id) as world:
        return show(_show(world, delivery))


@routes.get("/worlds/<world_id>/outbox")
def list_outbox(world_id: str) -> Response:
    """List the mails and SMS that vendors sent to people themselves."""
    with opened(world_id) as world:
        return show(list(world.outbox))


def _wanted() -> tuple[str | None, str | None]:
    return request.args.get("vendor"), request.args.get("path")


def _show(world: World, delivery: Delivery) -> dict[str, Any]:
    body = delivery.body.encode()
    return {
        "id": delivery.id,
        "vendor": delivery.vendor,
        "url": delivery.url,
        "topic": delivery.topic,
        "created_at": delivery.created_at,
        "arrived": delivery.arrived,
        "body": world.redactor(delivery.vendor).body(body, "application/json"),
        "attempts": delivery.attempts,
    }
