"""Health, figures, the OpenAPI document, and what this is: open to all.

Invariants: none of these says anything about a booking, a connection or a secret.
"""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from service.store import leases
from service.web.api import ENDPOINTS
from service.web.openapi import Endpoint, document, the_service
from service.web.webhooks import EventPayload, ReceiptSchema, take_event

blueprint = Blueprint("health", __name__)

OPENAPI: Final = "/api/openapi.json"
PAGE: Final = f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Strikeplate</title>
<h1>Strikeplate reference integration</h1>
<p>Bookings come in by webhook, and customers get door codes.
<p><a href="{OPENAPI}">The API</a> · <a href="/healthz">Health</a> ·
<a href="/metrics">Figures</a>
</html>
"""


@blueprint.get("/")
def show_start_page() -> str:
    """Say what this is."""
    return PAGE


@blueprint.get("/healthz")
def show_health() -> Response:
    """Tell that the service answers and reaches its store."""
    the_service().deps.store.read_one(leases.next_due)
    return jsonify({"status": "ok"})


@blueprint.get("/metrics")
def show_metrics() -> Response:
    """Tell the figures, in Prometheus's form."""
    service = the_service()
    queue_stats = service.queue_stats()
    service.metrics.due.set(queue_stats.due)
    service.metrics.in_flight.set(queue_stats.in_flight)
    text = generate_latest(service.metrics.registry)
    return Response(text, content_type=CONTENT_TYPE_LATEST)


@blueprint.get(OPENAPI)
def show_document() -> Response:
    """Show the OpenAPI document."""
    return jsonify(openapi())


@cache
def openapi() -> dict[str, Any]:
    """Return the OpenAPI document of all calls."""
    webhook = Endpoint(
        method="POST",
        path="/webhooks/<key>",
        name="take_event",
        summary="Take a booking platform's message, signed as Standard Webhooks.",
        handler=take_event,
        takes=EventPayload,
        query=None,
        gives=ReceiptSchema,
        status=HTTPStatus.ACCEPTED,
    )
    return document([webhook, *ENDPOINTS], open_to_all=[webhook.name])
