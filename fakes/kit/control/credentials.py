"""A vendor's credentials: made, withdrawn, given back, renewed.

Invariants: while they are withdrawn each call of the world to that vendor is refused as
one with an unknown credential is, in the vendor's own shape, and is in the journal.
Renewed ones replace the old ones, which are dead from then on. An added one is good
beside those that are there; each can be withdrawn by its id, and its tokens with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from flask import request

from fakes.kit.control import call, opened
from fakes.kit.json_api import Problem, Strict, show, unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug import Response

    from fakes.kit.world import Fake, World


class CredentialChange(Strict):
    """What becomes of a vendor's credentials, or of the one with an id.

    Without an id `revoked` and `restored` are about all of them, `renewed` about the
    first one.
    """

    state: Literal["revoked", "restored", "renewed", "added"]
    id: str | None = None


@call("GET", "/worlds/<world_id>/credentials/<vendor>")
def list_credentials(world_id: str, vendor: str) -> Response:
    """List a vendor's credentials: their ids, and whether they are revoked."""
    with opened(world_id) as world:
        rows = _held(world, _fake(world, vendor)).items()
        return show(
            [
                {
                    "id": each,
                    "revoked": not {vendor, f"{vendor} {each}"}.isdisjoint(
                        world.revoked
                    ),
                    "credentials": settings,
                }
                for each, settings in rows
            ]
        )


@call("POST", "/worlds/<world_id>/credentials/<vendor>", body=CredentialChange)
def change_credentials(world_id: str, vendor: str, body: CredentialChange) -> Response:
    """Revoke, restore or renew a vendor's credentials, or add one; shows it."""
    with opened(world_id) as world:
        fake = _fake(world, vendor)
        if body.id is not None and body.state in {"renewed", "added"}:
            raise Problem(422, f"leave out the id: {body.state} is not about one")
        held = _held(world, fake)
        if body.id is not None and body.id not in held:
            raise Problem(404, unknown("credential", body.id, held))
        changed = _CHANGES[body.state](world, fake, body.id)
        settings = _held(world, fake)
        named = changed or next(iter(settings))
        shown = {"state": body.state, "id": named, "credentials": settings[named]}
        return show(shown)


def _fake(world: World, vendor: str) -> Fake[Any]:
    if vendor not in world.fakes:
        raise Problem(404, unknown("vendor", vendor, world.fakes))
    return world.fakes[vendor]


def _held(world: World, fake: Fake[Any]) -> Mapping[str, dict[str, str]]:
    """Return the client settings of each credential by its id, the first one first."""
    url = request.host_url.rstrip("/")
    if fake.several is None:
        return {"1": world.credentials(url)[fake.name]}
    return fake.several.held(world, f"{url}/{fake.name}")


def _revoke(world: World, fake: Fake[Any], credential: str | None) -> str | None:
    world.revoked.add(f"{fake.name} {credential}" if credential else fake.name)
    return credential


def _restore(world: World, fake: Fake[Any], credential: str | None) -> str | None:
    if credential:
        world.revoked.discard(f"{fake.name} {credential}")
    else:
        world.revoked = {one for one in world.revoked if one.split()[0] != fake.name}
    return credential


def _renew(world: World, fake: Fake[Any], _credential: str | None) -> None:
    if fake.renew is None:
        raise Problem(422, f"the credentials of {fake.name} cannot be renewed")
    first = next(iter(_held(world, fake)))
    world.revoked -= {fake.name, f"{fake.name} {first}"}
    fake.renew(world)


def _add(world: World, fake: Fake[Any], _credential: str | None) -> str:
    if fake.several is None:
        raise Problem(422, f"{fake.name} has one set of credentials alone")
    return fake.several.add(world)


_CHANGES = {"revoked": _revoke, "restored": _restore, "renewed": _renew, "added": _add}
