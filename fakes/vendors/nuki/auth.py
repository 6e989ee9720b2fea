"""Bearer tokens: whose call it is, and what the caller may do (NUK-12).

Invariants: a call without a living token is 401; a call whose token lacks the scope is
403. Any one of the scopes that a path names is enough.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import flask

from fakes.kit.dispatch import answer, current_world
from fakes.vendors.nuki.errors import Refused, refused
from fakes.vendors.nuki.state import NAME, state_of

if TYPE_CHECKING:
    from werkzeug import Request, Response

    from fakes.kit.world import World


OAUTH = "/oauth/"


def presented(request: Request) -> str | None:
    """Return the client id where a client asks for tokens, else the bearer token."""
    if not request.path.startswith(f"/{NAME}{OAUTH}"):
        return bearer(request)
    basic = request.authorization
    if basic is not None and basic.type == "basic":
        return basic.username
    return request.values.get("client_id")


def bearer(request: Request) -> str | None:
    """Return the token of a call, if it carries one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def no_world(request: Request) -> Response:
    """Refuse a call whose credential is unknown."""
    if request.path.startswith(f"/{NAME}{OAUTH}"):
        return answer(401, {"error": "invalid_client"})
    return answer(401, _unknown().body)


def allow(*scopes: str) -> World:
    """Return the world of this call, if its token lives and has one of the scopes."""
    world = current_world()
    token = state_of(world).tokens.get(bearer(flask.request) or "")
    if token is None or not token.lives(world.now):
        raise _unknown()
    if not set(scopes) & set(token.scopes):
        raise refused(403, f"The token lacks the scope {' or '.join(scopes)}")
    return world


def _unknown() -> Refused:
    return refused(401, "The access token is missing, wrong or expired")
