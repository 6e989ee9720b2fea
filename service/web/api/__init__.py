"""The JSON API; each module declares the endpoints of a few resources.

Invariants: a module in `RESOURCES` has its calls served, guarded by a token and its
scopes, and documented.
"""

from __future__ import annotations

import hmac
from http import HTTPStatus
from typing import Final

from flask import Blueprint, g, request

from service.app import Service
from service.clock import now
from service.secret import Secret
from service.store import tokens
from service.store.tokens import Scope
from service.web.api import (
    accesses,
    activity,
    bookings,
    connections,
    locks,
    rules,
    templates,
)
from service.web.caller import Caller, guess_limit
from service.web.openapi import mount, the_service
from service.web.validation import Problem

RESOURCES: Final = (connections, locks, rules, accesses, bookings, templates, activity)
ENDPOINTS: Final = tuple(
    each for resource in RESOURCES for each in resource.endpoints.all
)


SCHEME: Final = "bearer"


def api(token: Secret) -> Blueprint:
    """Return the whole API; every call needs this token, or one of the store's."""
    blueprint = Blueprint("api", __name__)

    @blueprint.before_request
    def let_in() -> None:
        g.caller = _caller(token)
        needed = Scope.READ if request.method in {"GET", "HEAD"} else Scope.WRITE
        if needed not in g.caller.scopes:
            detail = f"the token lacks the scope {needed.value!r}; use another token"
            raise Problem(HTTPStatus.FORBIDDEN, detail)

    for endpoint in ENDPOINTS:
        mount(blueprint, endpoint)
    return blueprint


def _caller(token: Secret) -> Caller:
    """Return whose token was sent, or raise the problem 401."""
    scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == SCHEME and sent:
        if hmac.compare_digest(sent.encode(), token.reveal().encode()):
            return Caller("token of the settings")
        service = the_service()
        with guess_limit().attempt(request.remote_addr or "", sent):
            return _holder(service, sent)
    raise _unauthorized()


def _holder(service: Service, sent: str) -> Caller:
    found = service.deps.store.read_one(lambda tx: tokens.find(tx, sent, now()))
    if found is None:
        raise _unauthorized()
    return Caller(f"token {found.name}", frozenset(map(Scope, found.scopes)))


def _unauthorized() -> Problem:
    detail = "send an API token: Authorization: Bearer TOKEN"
    headers = {"WWW-Authenticate": "Bearer"}
    return Problem(HTTPStatus.UNAUTHORIZED, detail, headers=headers)
