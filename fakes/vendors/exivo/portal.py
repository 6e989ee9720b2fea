"""The page of the vendor's portal where a receiver of events is registered.

Invariants: the interface has no call for it, so its path and its fields are invented.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from fakes.kit.call import current_world
from fakes.vendors.exivo import errors
from fakes.vendors.exivo.bodies import NewHook
from fakes.vendors.exivo.operation import invalid
from fakes.vendors.exivo.state import Hook, quirk, state_of

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
        raise invalid(errors.told(error.errors(include_url=False))) from None
