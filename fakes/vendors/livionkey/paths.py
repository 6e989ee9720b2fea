"""All of LivionKey's paths: the older interface, the newer one, and the web app.

Invariants: whatever none of them has is answered with a 404 in text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.kit.call import answer
from fakes.vendors.livionkey import portal
from fakes.vendors.livionkey.v1 import contracts, devices, keys, login, public, rights
from fakes.vendors.livionkey.v2 import (
    automats,
    keycontracts,
    mechanical,
    organization,
    wire,
)
from fakes.vendors.livionkey.wire import blueprint

if TYPE_CHECKING:
    from werkzeug import Response

__all__ = [
    "automats",
    "blueprint",
    "contracts",
    "devices",
    "keycontracts",
    "keys",
    "login",
    "mechanical",
    "organization",
    "portal",
    "public",
    "rights",
]

blueprint.register_blueprint(wire.blueprint)
blueprint.register_blueprint(portal.blueprint)
EVERY_METHOD = ["GET", "POST", "PUT", "PATCH", "DELETE"]


@blueprint.route("/", defaults={"rest": ""}, methods=EVERY_METHOD)
@blueprint.route("/<path:rest>", methods=EVERY_METHOD)
def nothing_here(rest: str) -> Response:
    """Answer whatever these interfaces do not have."""
    return answer(404, f"Cannot find /{rest[:80]}")
