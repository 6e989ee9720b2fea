"""Who calls: a login, a token, a public link, a service account, the web app.

Invariants: the beginning of a path says which of these it takes. A wrong password is a
400 and a bad token a 401; a missing one is a 403.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any

import flask

from fakes.kit.call import answer, current_world
from fakes.kit.clock import wall
from fakes.kit.ids import derive
from fakes.vendors.livionkey.state import NAME, state_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from werkzeug import Request, Response

    from fakes.kit.world import World

LOGIN = "/auth/login"
PUBLIC = "/contracts/public/"
PORTAL = "/portal/"
V2 = "/v2/"
BEARER = "Bearer "
WRONG_LOGIN = "Firebase: Error (auth/invalid-login-credentials)."


class Turned(Exception):  # noqa: N818 - it is the vendor's answer, not a failure
    """A call that is turned away, with the answer that it gets."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


def presented(request: Request) -> str | None:
    """Return the credential of a call, marked with its kind."""
    path = request.path.removeprefix(f"/{NAME}")
    for start, find in _KINDS:
        if path.startswith(start):
            return find(request, path)
    header = request.headers.get("Authorization", "")
    return f"token:{header[len(BEARER) :]}" if header.startswith(BEARER) else None


def no_world(request: Request) -> Response:
    """Refuse a call whose credential is nobody's."""
    path = request.path.removeprefix(f"/{NAME}")
    if path.startswith(LOGIN):
        return missing(request) or answer(400, WRONG_LOGIN)
    if path.startswith(PUBLIC):
        return answer(400, "Contract not found")
    if path.startswith(V2):
        return answer(401, {"statusCode": 401, "message": "Unauthorized"})
    if path.startswith(PORTAL):
        return answer(401, "sign in with e-mail and password")
    if not request.headers.get("Authorization", "").startswith(BEARER):
        return answer(403, {"success": False, "message": "No token provided."})
    return not_authorized(wall(), request.path)


def not_authorized(now: datetime, about: str) -> Response:
    """Return the answer to a bad token, and to a right token at the wrong door."""
    mark = derive(about, now).hex()[:8]
    stamp = int(now.timestamp() * 1000)
    return answer(401, f"GraphQL - {stamp} - {mark} - not authorized")


def signed_in() -> World:
    """Return the world of a call with a token that lives."""
    world = current_world()
    token = flask.request.headers["Authorization"][len(BEARER) :]
    if state_of(world).account.tokens[token] <= world.now:
        raise Turned(not_authorized(world.now, flask.request.path))
    return world


def at_the_portal() -> World:
    """Return the world of somebody who is signed in to the web app."""
    world = current_world()
    basic = flask.request.authorization
    password = (basic and basic.password) or ""
    if not matches(password, state_of(world).account.password):
        raise Turned(answer(401, "sign in with e-mail and password"))
    return world


def _email(request: Request, _path: str) -> str | None:
    email = field(request, "email")
    return f"email:{email}" if email else None


def _public(_request: Request, path: str) -> str | None:
    _id, _, rest = path.removeprefix(PUBLIC).partition("/")
    return f"public:{rest.partition('/')[0]}"


def _service(request: Request, _path: str) -> str | None:
    return f"service:{request.headers.get('x-service-account-id', '')}"


def _basic(request: Request, _path: str) -> str | None:
    basic = request.authorization
    return f"email:{basic.username}" if basic and basic.username else None


_KINDS: tuple[tuple[str, Callable[[Request, str], str | None]], ...] = (
    (LOGIN, _email),
    (PUBLIC, _public),
    (V2, _service),
    (PORTAL, _basic),
)


def missing(request: Request) -> Response | None:
    """Return the refusal of a login that lacks a field, if it does."""
    for name in ("email", "password"):
        if not field(request, name):
            return answer(400, f"Missing {name} from parameters")
    return None


def field(request: Request, name: str) -> str:
    """Return a field of a login, or nothing."""
    value = fields(request).get(name)
    return value if isinstance(value, str) else ""


def fields(request: Request) -> dict[str, Any]:
    """Return the body as an object; anything else counts as an empty one."""
    try:
        given = request.get_json(silent=True)
    except RecursionError:
        return {}
    return given if isinstance(given, dict) else {}


def matches(given: str, known: str) -> bool:
    """Whether a secret is the right one, told in constant time."""
    return hmac.compare_digest(given.encode(), known.encode())
