"""The control interface, `/_sim`: its blueprint, its token, its refusals.

Invariants: every call needs the bearer token; every refusal is a problem document
(RFC 9457). A route opens its world with `opened`, which catches up its clock and holds
its lock. The modules of this package add their routes when they are imported.
"""

from __future__ import annotations

import hmac
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

from flask import Blueprint, current_app, request
from werkzeug.exceptions import HTTPException

from fakes.kit.json_api import Problem, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug import Response

    from fakes.kit.world import World
    from fakes.kit.worlds import Worlds

routes = Blueprint("sim", __name__, url_prefix="/_sim")


@routes.before_request
def admit() -> Response | None:
    """Refuse a call without the control token."""
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
