"""The HTTP interface of the service: webhooks, the JSON API, health and metrics.

Invariants: what comes in is validated here and becomes values of the domain; what goes
out is a model that the OpenAPI document shows. No rule is decided here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.web import health, webhooks
from service.web.api import api
from service.web.openapi import EXTENSION
from service.web.validation import handle_problems

if TYPE_CHECKING:
    from flask import Flask

    from service.app import Service


def mount_all(app: Flask, service: Service) -> None:
    """Register every route of the service with the app."""
    app.extensions[EXTENSION] = service
    app.config["MAX_CONTENT_LENGTH"] = webhooks.LARGEST
    app.register_blueprint(webhooks.blueprint)
    app.register_blueprint(webhooks.vendor_blueprint)
    app.register_blueprint(api(service.api_token))
    app.register_blueprint(health.blueprint)
    handle_problems(app)
