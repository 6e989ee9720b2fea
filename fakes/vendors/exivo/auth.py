"""Who may call: HTTP Basic with the API key and its secret, for the key's own site.

Invariants: the key finds the world and the secret proves it; a link proves itself. The
key of one site is worth nothing at another.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

import flask

from fakes.kit.dispatch import answer, current_world
from fakes.vendors.exivo import errors
from fakes.vendors.exivo.errors import Refused
from fakes.vendors.exivo.page.routes import without_world
from fakes.vendors.exivo.schemas.responses import PAGE
from fakes.vendors.exivo.state import NAME, quirk, state_of

if TYPE_CHECKING:
    from werkzeug import Request, Response


UNAUTHORIZED = "API key or API secret is wrong"


def presented(request: Request) -> str | None:
    """Return the token of a link where a page is asked for, else the API key."""
    path = request.path.removeprefix(f"/{NAME}")
    if path.startswith(f"{PAGE}/"):
        return path.split("/")[2]
    basic = request.authorization
    return basic.username if basic is not None and basic.type == "basic" else None


def no_world(request: Request) -> Response:
    """Refuse a call whose key or link is unknown."""
    if request.path.removeprefix(f"/{NAME}").startswith(f"{PAGE}/"):
        return without_world()
    return answer(401, errors.body(UNAUTHORIZED), errors.CHALLENGE)


def caller() -> str:
    """Return the API key of this call, proven or not."""
    basic = flask.request.authorization
    return (basic and basic.username) or ""


def prove(site_id: str | None = None) -> None:
    """Return if the call carries the secret, for the right site if one is named."""
    state = state_of(current_world())
    basic = flask.request.authorization
    secret = (basic and basic.password) or ""
    right = state.keys.get(caller(), "")
    if not (right and hmac.compare_digest(secret.encode(), right.encode())):
        raise Refused(401, UNAUTHORIZED)
    if site_id not in {None, state.site.id}:
        status = int(quirk(current_world(), "foreign-site-status"))
        raise Refused(status, "this API key is not for this site")
