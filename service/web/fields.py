"""Fields: the kinds of value that shapes at the border are made of.

Invariants: a shape takes exactly what it says. A wrong value is named by its field,
with the fix; what is unknown is refused where it is ours to know, and ignored where a
sender may say more than we need.
"""

from __future__ import annotations

from contextlib import suppress
from difflib import get_close_matches
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Final, TypeVar
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    StringConstraints,
    ValidationError,
)

from service.web.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pydantic_core import ErrorDetails

LONGEST: Final = 200
LONGEST_TEXT: Final = 10_000
SUFFIX: Final = "Schema"
"""Ends the name of a response's class where the domain or the store has one like it."""

SHOWN: Final = 100
"""How many characters of a wrong value an answer repeats at most."""


def component_name(model: type) -> str:
    """Return a schema's name in the OpenAPI document: `Access` of `AccessSchema`."""
    return model.__name__.removesuffix(SUFFIX)


class Shape(BaseModel):
    """What our own callers send and get; a field that it does not know is refused."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        defer_build=True,
        model_title_generator=component_name,
    )


class Payload(BaseModel):
    """What a sender of events sends; fields that it does not know are passed over."""

    model_config = ConfigDict(
        strict=True, extra="ignore", frozen=True, defer_build=True
    )


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("it holds a NUL character; leave that out")
    return text


def _zone(name: str) -> str:
    with suppress(KeyError, ValueError, OSError):  # as the name is wrong
        return ZoneInfo(name).key
    near = get_close_matches(name, available_timezones(), n=1)
    hint = f"; did you mean {near[0]}?" if near else ", such as Europe/Stockholm"
    raise ValueError(f"it is no time zone of the tz database{hint}")


_storable_text = AfterValidator(_storable)
ShortText = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST), _storable_text
]
"""One to 200 characters."""

OptionalText = Annotated[str, StringConstraints(max_length=LONGEST), _storable_text]
"""Up to 200 characters, or none."""

LongText = Annotated[str, StringConstraints(max_length=LONGEST_TEXT), _storable_text]
"""A text of several lines."""

Instant = AwareDatetime
"""An instant in ISO 8601, with its offset."""

Zone = Annotated[ShortText, AfterValidator(_zone)]
"""A time zone by its name in the tz database."""

Read = TypeVar("Read", bound=BaseModel)


def read(
    shape: type[Read], body: bytes, *, silent: Collection[str] = (), skip: int = 0
) -> Read:
    """Return the shape that the JSON holds, or the problem that names each field.

    The values of fields within `silent` ones are not repeated. `skip` is how many
    names to leave out at the front of a field's path.
    """
    try:
        return shape.model_validate_json(body)
    except ValidationError as error:
        raise problem_of_validation(error, silent=silent, skip=skip) from None


def read_query(shape: type[Read], query: Mapping[str, str]) -> Read:
    """Return the shape that an URL's query holds, whose values are all text."""
    try:
        return shape.model_validate_strings(dict(query))
    except ValidationError as error:
        raise problem_of_validation(error) from None


def problem_of_validation(
    error: ValidationError, *, silent: Collection[str] = (), skip: int = 0
) -> Problem:
    """Return the problem that names each wrong field, its value and the fix."""
    found = error.errors(include_url=False, include_context=False)
    if found[0]["type"] == "json_invalid":
        detail = "the body is no JSON; send one JSON object in UTF-8"
        return Problem(HTTPStatus.BAD_REQUEST, detail)
    errors = [_named(each, silent, skip) for each in found]
    names = ", ".join(dict.fromkeys(str(each["field"]) for each in errors))
    return Problem(HTTPStatus.BAD_REQUEST, f"wrong or missing: {names}", errors)


def _named(
    found: ErrorDetails, silent: Collection[str], skip: int
) -> dict[str, object]:
    path = [str(part) for part in found["loc"][skip:]]
    fix = found["msg"].removeprefix("Value error, ")
    named: dict[str, object] = {"field": ".".join(path) or "body", "fix": fix}
    value = found["input"]
    if isinstance(value, str | int | float) and not set(silent).intersection(path):
        named["value"] = str(value)[:SHOWN]
    return named
