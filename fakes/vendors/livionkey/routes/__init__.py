"""All of LivionKey's paths: the older interface, the newer one, and the web app.

Law: whatever none of them has is answered with a 404 in text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.kit.dispatch import answer
from fakes.vendors.livionkey.routes import portal, v2
from fakes.vendors.livionkey.routes.v1 import blueprint, contracts, devices, rights
from fakes.vendors.livionkey.routes.v2 import automats, mechanical

if TYPE_CHECKING:
    from werkzeug import Response

__all__ = ["automats", "blueprint", "contracts", "devices", "mechanical", "rights"]

EVERY_METHOD = ["GET", "POST", "PUT", "PATCH", "DELETE"]
blueprint.register_blueprint(v2.blueprint)
blueprint.register_blueprint(portal.blueprint)


@blueprint.route("/", defaults={"rest": ""}, methods=EVERY_METHOD)
@blueprint.route("/<path:rest>", methods=EVERY_METHOD)
def nothing_here(rest: str) -> Response:
    """Answer whatever these interfaces do not have."""
    return answer(404, f"Cannot find /{rest[:80]}")
