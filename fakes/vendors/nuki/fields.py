"""The fields of a door that this vendor takes, and their limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from pydantic import Field, ValidationError

from fakes.kit.wire import Instant, Strict, refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

KindName = Literal["smartlock", "smartlock-2", "smartdoor", "opener"]
Minute = Annotated[int, Field(ge=0, lt=1440)]
F = TypeVar("F", bound=Strict)


class AppCode(Strict):
    """A code that somebody stores with the app, standing at the door."""

    code: str
    name: Annotated[str, Field(min_length=1, max_length=20)] = "App"
    start: Instant | None = None
    end: Instant | None = None
    weekdays: Annotated[int, Field(ge=0, le=127)] = 0
    from_minute: Minute | None = None
    until_minute: Minute | None = None


class DoorFields(Strict):
    """What can be said of a door when it is hung and changed later."""

    timezone: str = "Europe/Berlin"
    online: bool = True  # the lock's way to the server
    battery: Annotated[int, Field(ge=0, le=100)] = 100
    clock_drift_seconds: float = 0.0
    keypad: bool = True  # one is paired


class NewDoor(DoorFields):
    """What a door is hung with."""

    name: str
    kind: KindName = "smartlock"
    bluetooth_only: bool = False  # nothing but phones ever reaches it


class DoorChange(DoorFields):
    """What somebody at the door changes; only the fields that are given count."""

    name: str = ""
    app_adds: AppCode | None = None
    app_removes: str = ""  # the digits of a code


def checked(model: type[F], fields: Mapping[str, Any]) -> F:
    """Return the fields; a Problem names each that is wrong."""
    try:
        return model.model_validate(dict(fields))
    except ValidationError as error:
        raise refusal(error) from error
