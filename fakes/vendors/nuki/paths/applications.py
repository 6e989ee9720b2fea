"""What makes an API key an advanced one: an application, its secret, its receiver."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.vendors.nuki import push
from fakes.vendors.nuki.contract.people import AdvancedShape
from fakes.vendors.nuki.errors import bad_value
from fakes.vendors.nuki.paths.base import accepted, found, key, routes, shown
from fakes.vendors.nuki.people import Advanced, Key
from fakes.vendors.nuki.schemas import Application
from fakes.vendors.nuki.state import credential
from fakes.vendors.nuki.tokens import allow
from fakes.vendors.nuki.wire import read

if TYPE_CHECKING:
    from werkzeug import Response

    from fakes.kit.world import World

SCOPE = "account"
TYPES = ("ONLY_SECRET", "SHORT_RENTAL", "HEALTHCARE", "SMART_HOME", "OTHER")
WORDS = ("name", "country", "description", "url", "email")


@routes.get("/api/key/<int:key_id>/advanced")
def show_advanced(key_id: int) -> Response:
    """Show what makes a key an advanced one."""
    world = allow(SCOPE)
    owner = key(world, key_id)
    return shown(_advanced(world, owner, _of(owner)))


@routes.put("/api/key/<int:key_id>/advanced")
def apply_for_advanced(key_id: int) -> Response:
    """Make a key an advanced one; nobody has to approve it here."""
    world, body = allow(SCOPE), read(Application)
    owner = key(world, key_id)
    facts = {word: getattr(body, word) for word in WORDS}
    for word, fact in facts.items():
        if not fact:
            raise bad_value(fact, word)
    if body.type not in TYPES:
        raise bad_value(body.type, "type")
    owner.advanced = Advanced(
        facts={**facts, "type": body.type, "restricted": bool(body.restricted)},
        secret=credential(world, "client-secret", 60),
        webhook_url=push.checked_url(body.webhook_url),
        features=push.checked_features(body.webhook_features),
        created_at=world.now,
        updated_at=world.now,
        active_since=world.now,
    )
    return accepted()


@routes.post("/api/key/<int:key_id>/advanced")
def change_advanced(key_id: int) -> Response:
    """Change the receiver of an advanced key."""
    world, body = allow(SCOPE), read(Application)
    advanced = _of(key(world, key_id))
    advanced.webhook_url = push.checked_url(body.webhook_url)
    advanced.features = push.checked_features(body.webhook_features)
    advanced.updated_at = world.now
    return accepted()


@routes.delete("/api/key/<int:key_id>/advanced")
def end_advanced(key_id: int) -> Response:
    """Make an advanced key a plain one again."""
    owner = key(allow(SCOPE), key_id)
    _of(owner)
    owner.advanced = None
    return accepted()


@routes.post("/api/key/<int:key_id>/advanced/reactivate")
def reactivate(key_id: int) -> Response:
    """Tell the receiver again, whatever failed before."""
    world = allow(SCOPE)
    _of(key(world, key_id)).active_since = world.now
    return accepted()


def _of(owner: Key) -> Advanced:
    return found(owner.advanced, "advanced API key")


def _advanced(world: World, owner: Key, advanced: Advanced) -> AdvancedShape:
    return AdvancedShape(
        **advanced.facts,
        webhook_status="ACTIVE" if push.is_active(world, owner) else "DEACTIVATED",
        webhook_url=advanced.webhook_url,
        webhook_features=list(advanced.features),
        secret=advanced.secret,
        status="ACTIVE",
        creation_date=advanced.created_at,
        update_date=advanced.updated_at,
    )
