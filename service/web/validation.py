"""Validation: field types, reading of bodies, and the problem for every error.

Invariants: every error answer is an RFC 9457 problem. `detail` is a sentence for people
and `errors` name the wrong fields, each with its fix. Neither holds a secret, nor the
text of an error that was not written for a caller. Unknown fields are an error in our
own API and ignored in incoming webhooks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from difflib import get_close_matches
from functools import singledispatch
from http import HTTPStatus
from typing import Annotated, Any, Final, TypeVar
from unicodedata import normalize
from zoneinfo import ZoneInfo, available_timezones

from flask import Flask, Response, json, request
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Strict,
    StringConstraints,
    ValidationError,
)
from pydantic_core import ErrorDetails
from werkzeug.exceptions import HTTPException

from service.domain.errors import DomainError, NotPossible, SemanticError
from service.observability import fault_of, log
from service.ports import CredentialsRefused, VendorError, VendorRefused
from service.store.store import StoreUnavailable

NUL: Final = "\x00"
SOON: Final = timedelta(seconds=5)
LATER: Final = timedelta(seconds=30)


class Problem(Exception):  # noqa: N818 (the word of RFC 9457)
    """An error answer: its status, a sentence for people, and the wrong fields."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        errors: Sequence[Mapping[str, object]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors
        self.headers = headers or {}

    def answer(self) -> Response:
        """Return the HTTP response."""
        content: dict[str, Any] = {  # JSON
            "type": "about:blank",
            "title": self.status.phrase,
            "status": self.status.value,
            "detail": self.detail,
        }
        if self.errors:
            content["errors"] = list(self.errors)
        return Response(
            json.dumps(content),
            status=self.status,
            headers=dict(self.headers),
            content_type="application/problem+json",
        )


@singledispatch
def problem_of(error: Exception) -> Problem:
    """Return the problem that an error is to the caller."""
    log.error("fault", fault=fault_of(error))
    return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "a fault in the service")


problem_of.register(Problem, lambda error: error)
problem_of.register(
    DomainError, lambda error: Problem(HTTPStatus.UNPROCESSABLE_ENTITY, error.reason)
)
problem_of.register(
    NotPossible, lambda error: Problem(HTTPStatus.CONFLICT, error.reason)
)
problem_of.register(
    VendorError, lambda error: _try_again(error.reason, error.retry_after or LATER)
)
problem_of.register(
    VendorRefused, lambda error: Problem(HTTPStatus.BAD_GATEWAY, error.reason)
)
problem_of.register(
    StoreUnavailable,  # whose text is for the log
    lambda _: _try_again("nothing can be stored at the moment; try again", SOON),
)


@problem_of.register
def _(error: SemanticError) -> Problem:
    field = {"field": error.field, "value": error.value, "fix": error.fix}
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, error.reason, [field])


@problem_of.register
def _(error: CredentialsRefused) -> Problem:
    field = {"field": "credentials", "fix": error.reason}
    detail = f"the vendor does not take these credentials: {error.reason}"
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, [field])


@problem_of.register
def _(error: HTTPException) -> Problem:
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    given = error.get_headers()
    headers = {name: value for name, value in given if name in {"Allow", "Location"}}
    return Problem(status, error.description or status.phrase, headers=headers)


def handle_problems(app: Flask) -> None:
    """Answer every error of the app with a problem."""
    app.register_error_handler(Exception, lambda error: problem_of(error).answer())


def refuse_nul() -> None:
    """Refuse a NUL in the path or the query, which PostgreSQL cannot compare."""
    if NUL in request.path:
        raise Problem(HTTPStatus.NOT_FOUND, "the path holds a NUL; leave that out")
    if b"%00" not in request.query_string:
        return
    for name, value in request.args.items(multi=True):
        if NUL in name + value:
            fix = "it holds a NUL character; leave that out"
            raise SemanticError(name.replace(NUL, ""), value.replace(NUL, "%00"), fix)


def _try_again(reason: str, after: timedelta) -> Problem:
    seconds = str(max(1, round(after.total_seconds())))
    status = HTTPStatus.SERVICE_UNAVAILABLE
    return Problem(status, reason, headers={"Retry-After": seconds})


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
    """Base of our own API's models; an unknown field is an error."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        defer_build=True,
        model_title_generator=component_name,
    )


class Payload(BaseModel):
    """Base of incoming webhooks' models; unknown fields are ignored."""

    model_config = ConfigDict(
        strict=True, extra="ignore", frozen=True, defer_build=True
    )


NO_PLACES: Final = {"Factory", "posixrules", "localtime"}
OTHER_CLOCKS: Final = ("right/", "posix/")
"""Begin the names of zones that count leap seconds, and of copies."""


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("it holds a NUL character; leave that out")
    return text


def _zone(name: str) -> str:
    if name in NO_PLACES or name.startswith(OTHER_CLOCKS):
        raise ValueError("it is no place's time zone; give one as Europe/Stockholm")
    with suppress(KeyError, ValueError, OSError):  # of a wrong name
        return ZoneInfo(name).key
    near = get_close_matches(name, available_timezones(), n=1)
    hint = f"; did you mean {near[0]}?" if near else ", such as Europe/Stockholm"
    raise ValueError(f"it is no time zone of the tz database{hint}")


_storable_text = AfterValidator(_storable)
ShortText = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST), _storable_text
]
"""One to 200 characters."""


def _number_as_text(value: object) -> object:
    number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if number else value


AnyId = Annotated[ShortText, BeforeValidator(_number_as_text)]
"""An id as a platform writes it; a number is taken as text."""


def _plain(value: object) -> object:
    """Return what a platform may write in place of a text: a number, or nothing."""
    text = _number_as_text(value)
    return text.strip() or None if isinstance(text, str) else text


MaybeText = Annotated[
    Annotated[str, StringConstraints(max_length=LONGEST), _storable_text] | None,
    BeforeValidator(_plain),
]
"""Up to 200 characters; a number is taken as text, and null or blanks as absent."""

CutText = Annotated[
    str,
    BeforeValidator(lambda value: value or ""),
    AfterValidator(lambda text: _storable(text)[:LONGEST]),
]
"""A text of which the first 200 characters are kept; null is the empty text."""

ResourceName = Annotated[AnyId, AfterValidator(lambda text: normalize("NFC", text))]
"""What is booked; names that look alike are one, however their letters are composed."""

OptionalText = Annotated[str, StringConstraints(max_length=LONGEST), _storable_text]
"""Up to 200 characters, or none."""

LongText = Annotated[str, StringConstraints(max_length=LONGEST_TEXT), _storable_text]
"""A text of several lines."""

FARTHEST: Final = timedelta(hours=14)
"""How far from UTC a place's clock may be."""


def _is_written(value: object) -> object:
    """Refuse a number of seconds, which pydantic takes for an instant."""
    if isinstance(value, str) and not value.lstrip("+-").replace(".", "").isdigit():
        return value
    if isinstance(value, datetime):
        return value
    raise ValueError(f"write it in ISO 8601, such as {WRITTEN}")


def _has_real_offset(instant: datetime) -> datetime:
    if abs(instant.utcoffset() or timedelta()) > FARTHEST:
        raise ValueError("no place's clock is more than 14 hours from UTC; correct it")
    return instant


WRITTEN: Final = "2027-01-31T15:20:00+01:00"
Instant = Annotated[
    AwareDatetime,
    Strict(strict=False),  # which would take no text from a validator before it
    BeforeValidator(_is_written),
    AfterValidator(_has_real_offset),
]
"""An instant in ISO 8601, with its offset."""

Zone = Annotated[ShortText, AfterValidator(_zone)]
"""A time zone by its name in the tz database."""

Read = TypeVar("Read", bound=BaseModel)


def read(
    shape: type[Read], body: bytes, *, silent: Collection[str] = (), skip: int = 0
) -> Read:
    """Return the model that the JSON holds; raise the problem that names each field.

    Values within `silent` fields are not repeated in the problem. `skip` is how many
    names to leave out at the front of a field's path.
    """
    try:
        return shape.model_validate_json(body)
    except ValidationError as error:
        raise problem_of_validation(error, silent=silent, skip=skip) from None


def read_query(shape: type[Read], query: Mapping[str, str]) -> Read:
    """Return the model that a URL's query holds, whose values are all text."""
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
