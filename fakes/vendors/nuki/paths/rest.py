"""Whatever the fake does not serve; the coverage table names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.vendors.nuki.errors import refused
from fakes.vendors.nuki.paths.base import routes

if TYPE_CHECKING:
    from werkzeug import Response

EVERY_METHOD = ["GET", "POST", "PUT", "PATCH", "DELETE"]


@routes.route("/", defaults={"rest": ""}, methods=EVERY_METHOD)
@routes.route("/<path:rest>", methods=EVERY_METHOD)
def nothing_here(rest: str) -> Response:
    """Answer that there is no such path, or no such method on it."""
    raise refused(404, f"There is no /{rest[:80]}")
