"""The JSON API, one module a subject; each declares its endpoints.

Invariants: adding a module to `RESOURCES` is all it takes for its calls to be served,
guarded and documented.
"""

from __future__ import annotations

import hmac
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Blueprint, request

from service.web.api import (
    accesses,
    bookings,
    connections,
    events,
    keys,
    locks,
    memberships,
    messages,
    rules,
    templates,
    vendors,
    work,
)
from service.web.endpoint import mount
from service.web.problems import Problem

if TYPE_CHECKING:
    from service.secret import Secret

RESOURCES: Final = (
    vendors,
    connections,
    locks,
    keys,
    rules,
    accesses,
    bookings,
    memberships,
    messages,
    templates,
    events,
    work,
)
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
