"""The JSON API; each module declares the endpoints of a few resources.

Invariants: a module in `RESOURCES` has its calls served, guarded by the token and
documented.
"""

from __future__ import annotations

import hmac
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Blueprint, request

from service.web.api import (
    accesses,
    activity,
    bookings,
    connections,
    locks,
    rules,
    templates,
)
from service.web.openapi import mount
from service.web.validation import Problem

if TYPE_CHECKING:
    from service.secret import Secret

RESOURCES: Final = (connections, locks, rules, accesses, bookings, templates, activity)
ENDPOINTS: Final = tuple(
    each for resource in RESOURCES for each in resource.endpoints.all
)


def api(token: Secret) -> Blueprint:
    """Return the whole API; every call needs the token."""
    blueprint = Blueprint("api", __name__)
    expected = f"Bearer {token.reveal()}".encode()

    @blueprint.before_request
    def check_token() -> None:
        token_sent = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(token_sent, expected):
            detail = "send the API token: Authorization: Bearer TOKEN"
            headers = {"WWW-Authenticate": "Bearer"}
            raise Problem(HTTPStatus.UNAUTHORIZED, detail, headers=headers)

    for endpoint in ENDPOINTS:
        mount(blueprint, endpoint)
    return blueprint
