"""The control interface, `/_sim`: its blueprint, its token, its refusals.

Invariants: every call needs the bearer token; every refusal is a problem document
(RFC 9457). A route opens its world with `opened`, which catches up its clock and holds
its lock. The modules of this package add their routes with `call` when they are
imported; `/_sim/openapi.json` describes what they added, to anybody who asks, and
`/_sim/openapi/<vendor>.json` describes what a vendor's fake models.
"""

from __future__ import annotations

import hmac
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, current_app, request
from werkzeug.exceptions import HTTPException

from fakes.kit.json_api import Problem, read, show, unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydantic import BaseModel
    from werkzeug import Response

    from fakes.kit.world import World
    from fakes.kit.worlds import Worlds

routes = Blueprint("sim", __name__, url_prefix="/_sim")
DOCUMENT = "/openapi.json"
VENDOR_DOCUMENT = "/openapi/<vendor>.json"
OPEN = {"sim.show_document", "sim.show_vendor_document"}
"""What is shown without the token."""


@dataclass(frozen=True)
class Call:
    """One call of the control interface, as it is described to its callers."""

    method: str
    path: str
    name: str
    does: str
    body: type[BaseModel] | None
    query: dict[str, str]
    """Each query key that it knows, with its meaning."""

    status: int


CALLS: list[Call] = []


def call(
    method: str,
    path: str,
    *,
    body: type[BaseModel] | None = None,
    query: dict[str, str] | None = None,
    status: int = 200,
) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """Add a route; its view gets the ids of the path, and the body as the model.

    A query key that it does not know is refused: it would change nothing, unnoticed.
    """
    known = query or {}

    def added(view: Callable[..., Response]) -> Callable[..., Response]:
        @wraps(view)
        def answer(**ids: str) -> Response:
            _check_query(known)
            return view(**ids, **({"body": read(body)} if body else {}))

        does = (view.__doc__ or "").strip()
        CALLS.append(Call(method, path, view.__name__, does, body, known, status))
        routes.add_url_rule(path, view.__name__, answer, methods=[method])
        return view

    return added


def _check_query(known: dict[str, Any]) -> None:
    for key in request.args:
        if key not in known:
            raise Problem(422, unknown("query key", key, known))


@routes.before_request
def admit() -> Response | None:
    """Refuse a call without the control token; the documents need none."""
    if request.endpoint in OPEN:
        return None
    given = request.headers.get("Authorization", "")
    token = f"Bearer {current_app.config['CONTROL_TOKEN']}"
    if hmac.compare_digest(given.encode(), token.encode()):
        return None
    refusal = show_problem(
        Problem(401, "send the control token: Authorization: Bearer <token>")
    )
    refusal.headers["WWW-Authenticate"] = "Bearer"
    return refusal


@routes.app_errorhandler(Problem)
def show_problem(problem: Problem) -> Response:
    """Return the problem document of a refusal."""
    answer = show(problem.describe(), problem.status)
    answer.content_type = "application/problem+json"
    return answer


@routes.app_errorhandler(HTTPException)
def show_http_error(error: HTTPException) -> Response | HTTPException:
    """Return a problem document for an HTTP error on `/_sim`, else the error itself."""
    if not request.path.startswith("/_sim") or error.code is None:
        return error
    return show_problem(Problem(error.code, error.description or error.name))


def all_worlds() -> Worlds:
    """Return the worlds of this process."""
    return cast("Worlds", current_app.extensions["strikeplate.worlds"])


@contextmanager
def opened(world_id: str) -> Iterator[World]:
    """Hold a world with its clock caught up; a Problem (404) if its id is unknown."""
    world = all_worlds().get(world_id)
    world.catch_up()
    with world.lock:
        yield world
