"""The JSON API, one module a subject; each declares its endpoints.

Law: adding a module to `PARTS` is all it takes for its calls to be served, guarded
and documented.
"""

from __future__ import annotations

import hmac
from http import HTTPStatus
from typing import TYPE_CHECKING
from typing import Final

from flask import Blueprint
from flask import request

from service.web.api import accesses
from service.web.api import bookings
from service.web.api import connections
from service.web.api import events
from service.web.api import keys
from service.web.api import locks
from service.web.api import memberships
from service.web.api import messages
from service.web.api import rules
from service.web.api import templates
from service.web.api import vendors
from service.web.api import work
from service.web.endpoint import mount
from service.web.problems import Problem

if TYPE_CHECKING:
    from service.secret import Secret

PARTS: Final = (
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
ENDPOINTS: Final = tuple(each for part in PARTS for each in part.endpoints.all)


def api(token: Secret) -> Blueprint:
    """Return the whole API; every call needs the token."""
    blueprint = Blueprint("api", __name__)
    expected = f"Bearer {token.reveal()}".encode()

    @blueprint.before_request
    def check_token() -> None:
        given = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(given, expected):
            detail = "send the API token: Authorization: Bearer TOKEN"
            headers = {"WWW-Authenticate": "Bearer"}
            raise Problem(HTTPStatus.UNAUTHORIZED, detail, headers=headers)

    for endpoint in ENDPOINTS:
        mount(blueprint, endpoint)
    return blueprint
