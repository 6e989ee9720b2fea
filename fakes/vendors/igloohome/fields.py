"""The fields of a door that this vendor takes, and their limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from pydantic import Field, ValidationError

from fakes.kit.wire import Strict, refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

KindName = Literal["lock", "keypad", "padlock", "keybox", "bridge"]
F = TypeVar("F", bound=Strict)


class DoorFields(Strict):
    """What can be said of a door when it is hung and changed later."""

    timezone: str = "UTC"
    online: bool = True
    battery: Annotated[int, Field(ge=0, le=100)] = 100
    clock_drift_seconds: float = 0.0
    keypad: bool = True
    lockout_tries: Annotated[int, Field(ge=0, le=10)] = 5  # 0: never
    lockout_minutes: Annotated[int, Field(ge=1, le=1440)] = 5
    # The doors whose locks a bridge serves, or the one that a keypad belongs to
    locks: tuple[str, ...] = ()


class NewDoor(DoorFields):
    """What a door is hung with."""

    name: str
    kind: KindName = "lock"


class DoorChange(DoorFields):
    """What somebody at the door changes; only the fields that are given count."""

    name: str = ""
    reset: Literal[True] = True  # all PINs but the master are void
    delete_pin: str = ""  # one PIN is void


def checked(model: type[F], fields: Mapping[str, Any]) -> F:
    """Return the fields; a Problem names each that is wrong."""
    try:
        return model.model_validate(dict(fields))
    except ValidationError as error:
        raise refusal(error) from error
