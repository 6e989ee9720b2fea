"""What igloohome sells, as far as a door is concerned.

Invariants: one row a kind of door. The device id begins with the model's own letters,
as the Bluetooth ids of real devices do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fakes.kit.problem import wrong
from fakes.vendors.igloohome.state import quirk

if TYPE_CHECKING:
    from fakes.kit.world import World
    from fakes.vendors.igloohome.fields import NewDoor


@dataclass(frozen=True)
class Model:
    """How a device calls itself, how its id begins, whether it has digits."""

    type: str
    prefix: str
    keypad: bool = True
    guessed: bool = False  # no source is sure of the type


MODELS = {
    "lock": Model("Lock", "IGB2"),
    "keypad": Model("Keypad", "EK1X"),
    "padlock": Model("Padlock", "SP2X", guessed=True),
    "keybox": Model("Keybox", "SK3E", guessed=True),
    "bridge": Model("Bridge", "EB1X", keypad=False),
}
RETROFIT = Model("Lock", "OE1X", keypad=False)  # its digits are on a keypad beside it


def model_of(body: NewDoor) -> Model:
    """Return the model that a wish for a door is about."""
    if body.kind == "bridge" and "keypad" in body.model_fields_set and body.keypad:
        raise wrong("keypad", body.keypad, "a bridge has none; leave it out")
    if body.kind == "lock" and not body.keypad:
        return RETROFIT
    return MODELS[body.kind]


def type_of(world: World, model: Model) -> str:
    """Return the type under which the cloud lists a model."""
    if model.guessed and not quirk(world, "guessed-types"):
        return "Lock"
    return model.type
