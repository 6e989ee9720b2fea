"""Calls that Exivo makes: events for the site's receiver, callbacks for digital keys.

Invariants: in reality a person registers the receiver in the vendor's portal. The
interface has no call for it, so the path and fields of `hook` are invented.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from fakes.kit.dispatch import current_world
from fakes.kit.webhooks import push
from fakes.vendors.exivo import errors
from fakes.vendors.exivo.errors import invalid
from fakes.vendors.exivo.schemas.requests import NewHook
from fakes.vendors.exivo.state import NAME, Hook, quirk, state_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from fakes.kit.world import World
    from fakes.vendors.exivo.operation import Asked


PATH = "/portal/webhook"


def hook(method: str, text: bytes) -> dict[str, Any]:
    """Return the receiver, after it was set (PUT) or taken away (DELETE)."""
    world = current_world()
    state = state_of(world)
    if method == "PUT":
        body = _read(text)
        value = body.authentication or world.ids.word("exivo.hook", 32)
        state.hook = Hook(body.url, value)
    elif method == "DELETE":
        state.hook = None
    return {
        "url": state.hook.url if state.hook else None,
        "header": quirk(world, "event-header"),
        "authentication": state.hook.authentication if state.hook else None,
    }


def _read(text: bytes) -> NewHook:
    try:
        return NewHook.model_validate_json(text)
    except ValidationError as error:
        raise invalid(errors.described(error.errors(include_url=False))) from None


def call_back(asked: Asked, url: str, body: Mapping[str, str]) -> None:
    """Call the address that the caller left, when the clock next moves."""
    push(asked.world, NAME, url, json.dumps(body), topic="callback")


def send_event(world: World, name: str, at: datetime, payload: dict[str, Any]) -> None:
    """Send an event to the site's receiver, if one is registered."""
    hook = state_of(world).hook
    if hook is None:
        return
    occurred_at = at.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
    body = json.dumps({"name": name, "occurredAt": occurred_at, "payload": payload})
    push(
        world,
        NAME,
        hook.url,
        body,
        headers={str(quirk(world, "event-header")): hook.authentication},
        retries=[float(gap) for gap in str(quirk(world, "event-retries")).split()],
        topic=name,
    )
