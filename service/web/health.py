"""Health, figures, the OpenAPI document, and what this is: open to all.

Law: none of these says anything about a booking, a connection or a secret.
"""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from service.store import leases
from service.web.api import ENDPOINTS
from service.web.endpoint import Endpoint, the_service
from service.web.message import Message
from service.web.openapi import document
from service.web.webhooks import ReceiptGiven, take_event

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
def say_what_this_is() -> str:
    """Say what this is."""
    return PAGE


@blueprint.get("/healthz")
def tell_health() -> Response:
    """Tell that the service answers and reaches its store."""
    the_service().parts.store.glance(leases.next_due)
    return jsonify({"status": "ok"})


@blueprint.get("/metrics")
def tell_figures() -> Response:
    """Tell the figures, in Prometheus's form."""
    service = the_service()
    figures = service.figures()
    service.meters.due.set(figures.due)
    service.meters.in_flight.set(figures.in_flight)
    text = generate_latest(service.meters.registry)
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
        takes=Message,
        query=None,
        gives=ReceiptGiven,
        status=HTTPStatus.ACCEPTED,
    )
    return document([webhook, *ENDPOINTS], open_to_all=[webhook.name])
