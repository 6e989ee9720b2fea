"""The HTTP interface of the service: webhooks, JSON API, admin, health and metrics.

Invariants: what comes in is validated here and becomes values of the domain; what goes
out is a model that the OpenAPI document shows. No rule is decided here. The routes in
this module are open to all and say nothing about a booking, a connection or a secret.
"""

from __future__ import annotations

import json
from functools import cache
from http import HTTPStatus
from threading import Lock
from typing import Any, Final

from flask import Blueprint, Flask, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from service.app import Service
from service.store import leases
from service.web import admin, webhooks
from service.web.api import ENDPOINTS, api
from service.web.caller import GUESSES, TRAIL, GuessLimit, Trail
from service.web.openapi import EXTENSION, AnyId, Endpoint, document, the_service
from service.web.validation import handle_problems, refuse_nul


def mount_all(app: Flask, service: Service) -> None:
    """Register every route of the service with the app."""
    ours = {EXTENSION: service, TRAIL: Trail(), GUESSES: GuessLimit()}
    app.extensions.update(ours)
    app.config["MAX_CONTENT_LENGTH"] = webhooks.LARGEST
    app.before_request(refuse_nul)
    app.url_map.converters["any_id"] = AnyId
    app.url_map.merge_slashes = False
    app.register_blueprint(webhooks.blueprint)
    app.register_blueprint(webhooks.vendor_blueprint)
    app.register_blueprint(api(service.api_token))
    app.register_blueprint(admin.blueprint)
    app.register_blueprint(blueprint)
    handle_problems(app)


blueprint = Blueprint("health", __name__)

OPENAPI: Final = "/api/openapi.json"


@blueprint.get("/healthz")
def show_health() -> Response:
    """Answer if the service reaches its store; it may not be able to write."""
    the_service().deps.store.read_one(leases.next_due_by_queue)
    return jsonify({"status": "ok"})


@blueprint.get("/readyz")
def show_readiness() -> Response:
    """Answer if the store can be written; a full disk can still be read."""
    the_service().deps.store.check_writable()
    return jsonify({"status": "ready"})


@blueprint.get("/metrics")
def show_metrics() -> Response:
    """Show the metrics in the format of Prometheus."""
    service = the_service()
    queue_stats = service.queue_stats()
    service.metrics.due.set(queue_stats.due)
    service.metrics.in_flight.set(queue_stats.in_flight)
    text = generate_latest(service.metrics.registry)
    return Response(text, content_type=CONTENT_TYPE_LATEST)


@blueprint.get(OPENAPI)
def show_document() -> Response:
    """Show the OpenAPI document."""
    return Response(openapi_text(), content_type="application/json")


_WRITING: Final = Lock()


def openapi_text() -> bytes:
    """Return the document as it is sent.

    One thread writes it, once, while others wait: each would take all the longer.
    """
    with _WRITING:
        return _openapi_text()


@cache
def _openapi_text() -> bytes:
    return json.dumps(openapi()).encode()


@cache
def openapi() -> dict[str, Any]:
    """Return the OpenAPI document of all calls."""
    webhook = Endpoint(
        method="POST",
        path="/webhooks/<key>",
        name="take_event",
        summary="Take a booking platform's message, signed as Standard Webhooks.",
        handler=webhooks.take_event,
        takes=webhooks.EventPayload,
        query=None,
        gives=webhooks.ReceiptSchema,
        status=HTTPStatus.ACCEPTED,
    )
    return document([webhook, *ENDPOINTS], open_to_all=[webhook.name])
