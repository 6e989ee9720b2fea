"""A vendor's credentials: withdrawn, given back, renewed.

Invariants: while they are withdrawn each call of the world to that vendor is refused as
one with an unknown credential is, in the vendor's own shape, and is in the journal.
Renewed ones replace the old ones, which are dead from then on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from flask import request

from fakes.kit.control import call, opened
from fakes.kit.json_api import Problem, Strict, show, unknown

if TYPE_CHECKING:
    from werkzeug import Response


class CredentialChange(Strict):
    """What becomes of a vendor's credentials."""

    state: Literal["revoked", "restored", "renewed"]


@call("POST", "/worlds/<world_id>/credentials/<vendor>", body=CredentialChange)
def change_credentials(world_id: str, vendor: str, body: CredentialChange) -> Response:
    """Revoke, restore or renew a vendor's credentials; shows those that hold."""
    with opened(world_id) as world:
        fake = world.fakes.get(vendor)
        if fake is None:
            raise Problem(404, unknown("vendor", vendor, world.fakes))
        if body.state == "renewed" and fake.renew is None:
            raise Problem(422, f"the credentials of {vendor} cannot be renewed")
        world.revoked.discard(vendor)
        if body.state == "revoked":
            world.revoked.add(vendor)
        elif body.state == "renewed" and fake.renew is not None:
            fake.renew(world)
        shown = world.credentials(request.host_url.rstrip("/"))[vendor]
        return show({"state": body.state, "credentials": shown})
