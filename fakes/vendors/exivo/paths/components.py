"""Components: the doors of the site, and what can be sent to them.

Invariants: 204 says that a message was sent, and no more. Whether a door did anything
is told by the access log and the site's events, later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.vendors.exivo import events, shapes
from fakes.vendors.exivo.bodies import Mode, Unlock
from fakes.vendors.exivo.operation import does, invalid, lists, may, shows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fakes.vendors.exivo.operation import Asked
    from fakes.vendors.exivo.state import Component


def every(asked: Asked) -> Sequence[Component]:
    """List the components, gateways among them."""
    return list(asked.state.components.values())


def one(asked: Asked, component_id: str) -> Component:
    """Show a component."""
    return asked.find(asked.state.components, component_id, "component")


def unlock(asked: Asked, component_id: str) -> None:
    """Send a door the message to open."""
    component = _door(asked, component_id)
    who = {"apiIdentifier": asked.state.api_key}
    if asked.body is not None and asked.body.delegated_user:
        who["delegatedUser"] = asked.body.delegated_user
    door = asked.state.doors[component.door_id]
    reason = door.open_from_afar("api", asked.now)
    events.tell_opening(asked.world, component, reason, who)


def set_mode(asked: Asked, component_id: str) -> None:
    """Send a door the message to change its mode; it is lost if nobody hears it."""
    component = _door(asked, component_id)
    door = asked.state.doors[component.door_id]
    if door.reachable:
        door.turn(asked.body.mode, asked.now)
    else:
        who = {"apiIdentifier": asked.state.api_key}
        events.tell_opening(asked.world, component, "offline", who)


def _door(asked: Asked, component_id: str) -> Component:
    component = one(asked, component_id)
    if not component.is_door:
        raise invalid("this component is no door")
    return component


OPERATIONS = (
    lists("/component", "getComponents", every, shapes.component),
    shows("/component/{componentId}", "getComponent", one, shapes.component),
    may("/component/{componentId}/unlock", "unlock", unlock, Unlock),
    does("/component/{componentId}/mode", "setComponentOperatingMode", set_mode, Mode),
)
