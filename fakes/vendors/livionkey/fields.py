"""The fields of a device that this vendor takes, and their limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from pydantic import Field, ValidationError

from fakes.kit.wire import Strict, refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

Trouble = Literal["power", "moved", "error", "wifi"]
Percent = Annotated[int, Field(ge=0, le=100)]
F = TypeVar("F", bound=Strict)


class NewKey(Strict):
    """A key that a cabinet is hung with."""

    id: Annotated[str, Field(pattern=r"^[\w./-]+$")]
    name: str | None = None
    slot: Annotated[int, Field(ge=0)] | None = None
    return_code: Annotated[str, Field(pattern=r"^\d{4,9}$")] | None = None
    shared: bool = False
    inside: bool = True


class NewDoor(Strict):
    """What a device is hung with."""

    name: str
    kind: Literal["cabinet", "keypad"] = "cabinet"
    product: Literal["key30", "keyX", "key20"] | None = None  # by the number of slots
    # One, so that to whoever knows nothing of cabinets a door is one lock
    slots: Annotated[int, Field(ge=1, le=30)] = 1
    keys: tuple[NewKey, ...] | None = None  # left out: one in each slot
    timezone: str = "Europe/Helsinki"
    online: bool = True
    battery: Percent = 100
    clock_drift_seconds: float = 0.0
    keypad: bool = True
    troubles: list[Trouble] = Field(default_factory=list)


class DoorChange(Strict):
    """What somebody at the device changes; only the fields that are given count."""

    name: str | None = None
    timezone: str | None = None
    online: bool | None = None
    battery: Percent | None = None
    clock_drift_seconds: float | None = None
    keypad: bool | None = None
    troubles: list[Trouble] | None = None


def checked(model: type[F], fields: Mapping[str, Any]) -> F:
    """Return the fields; a Problem names each that is wrong."""
    try:
        return model.model_validate(dict(fields))
    except ValidationError as error:
        raise refusal(error) from error
