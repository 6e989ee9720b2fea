"""JSON of the control interface: requests are validated, refusals are problem details.

Invariants: a refusal (RFC 9457) names what was wrong, the value and the fix, and never
repeats a secret. Instants are aware, and in UTC in every answer. Vendors' own errors
never take this shape.
"""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_args

from flask import request
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)
from pydantic_core import from_json, to_json
from werkzeug import Response

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

COMPARED = 1000
NAMES_SHOWN = 20


@dataclass(frozen=True)
class FieldError:
    """One wrong field: its name, the value that came, and the fix."""

    field: str
    value: Any  # whatever JSON came
    fix: str


class Problem(Exception):  # noqa: N818 - named as RFC 9457 names it
    """A refusal with its HTTP status; `detail` is a whole sentence."""

    def __init__(self, status: int, detail: str, *errors: FieldError) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors

    def describe(self) -> dict[str, Any]:
        """Return the problem document."""
        document: dict[str, Any] = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            document["errors"] = [vars(error) for error in self.errors]
        return document


def wrong(field: str, value: Any, fix: str) -> Problem:
    """Return the refusal (422) of one field."""
    return Problem(422, f"{field} {value!r}: {fix}", FieldError(field, value, fix))


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """Return a sentence: the unknown name, the nearest known one, all known ones.

    Only the first thousand names are compared, and twenty are listed.
    """
    names = sorted(islice(known, COMPARED))
    hint = near(name, names) or "."
    shown = ", ".join(names[:NAMES_SHOWN]) or "none"
    more = " and others" if len(names) > NAMES_SHOWN else ""
    return f"unknown {what} {name!r}{hint} Known: {shown}{more}."


def near(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence with the nearest known name; empty if none is."""
    found = difflib.get_close_matches(name, [*known], n=1)
    return f"; did you mean {found[0]!r}?" if found else ""


M = TypeVar("M", bound=BaseModel)
SECRETS = frozenset({"code", "pin", "password"})  # never repeated in a refusal

INSTANT = 'write an instant with an offset, such as "2026-12-01T09:00:00Z"'
DURATION = 'write an ISO 8601 duration, such as "PT3H" or "P1D"'
EARLIEST, LATEST = (datetime(year, 1, 1, tzinfo=UTC) for year in (1970, 2300))
"""Far enough from the ends of the calendar for any arithmetic."""


def _parsed(given: object) -> object:
    """Return the instant of ISO 8601 text with a time; ValueError for all else.

    A bare number is refused: as seconds since 1970 it would hardly be meant.
    """
    if isinstance(given, datetime):
        return given
    if not isinstance(given, str) or "T" not in given.upper():
        raise ValueError(INSTANT)
    try:
        return datetime.fromisoformat(given)
    except ValueError:
        raise ValueError(INSTANT) from None


def within_calendar(at: datetime) -> datetime:
    """Return an instant in UTC; ValueError if it is out of the worlds' calendar."""
    if not EARLIEST <= at <= LATEST:
        raise ValueError(f"worlds live from {EARLIEST.year} to {LATEST.year}")
    return at.astimezone(UTC)


Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_parsed),
    AfterValidator(within_calendar),
]
Duration = Annotated[timedelta, Field(le=timedelta(days=36_525))]

FIXES = {
    "time_delta_parsing": DURATION,
    "time_delta_type": DURATION,
    "timezone_aware": INSTANT,
    "datetime_parsing": INSTANT,
    "datetime_from_date_parsing": INSTANT,
    "datetime_type": INSTANT,
    "string_type": "write a text, in quotes: a number loses its first zeros",
}
"""What to write instead, by the kind of mistake; pydantic's own words for others."""


class Strict(BaseModel):
    """A request body that refuses unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Open(BaseModel):
    """A request body whose unknown fields are passed on to the vendor."""

    model_config = ConfigDict(extra="allow", frozen=True, defer_build=True)

    @property
    def extra(self) -> dict[str, Any]:
        """The fields that are not declared."""
        return self.model_extra or {}


def read(model: type[M]) -> M:
    """Return the request's body as the model; a Problem names each wrong field."""
    try:
        return model.model_validate_json(request.get_data() or b"{}", strict=True)
    except ValidationError as error:
        raise refusal(error, model=model) from error


def read_json() -> Any:
    """Return the request's JSON, whatever its content type is."""
    try:
        return from_json(request.get_data())
    except ValueError as error:
        raise Problem(400, f"the body is not JSON: {error}") from error


def refusal(
    error: ValidationError, where: str = "", model: type[BaseModel] | None = None
) -> Problem:
    """Return the Problem (422) that names every wrong field; 400 if it is not JSON."""
    errors = [
        _field(where, each, model)
        for each in error.errors(include_url=False, include_context=False)
    ]
    detail = "; ".join(f"{each.field}: {each.fix}" for each in errors)
    broken = any(each["type"] == "json_invalid" for each in error.errors())
    return Problem(400 if broken else 422, detail, *errors)


def _field(where: str, error: Any, model: type[BaseModel] | None) -> FieldError:
    name = where + (".".join(str(part) for part in error["loc"]) or "body")
    secret = name.rpartition(".")[2] in SECRETS
    plain = isinstance(error["input"], (str, int, float, bool, type(None)))
    value = error["input"] if plain and not secret else None
    fix = FIXES.get(error["type"], error["msg"].removeprefix("Value error, "))
    if error["type"] == "extra_forbidden" and model:
        fix = _unknown_field(error["loc"], model)
    return FieldError(name, value, fix)


def _unknown_field(loc: tuple[str, ...], model: type[BaseModel]) -> str:
    """Say that a field is unknown, with the nearest and all of those known there."""
    for part in loc[:-1]:
        inner = model.model_fields[part].annotation
        models = [
            each
            for each in (inner, *get_args(inner))  # None may be one of them
            if isinstance(each, type) and issubclass(each, BaseModel)
        ]
        if not models:
            return "no such field"
        model = models[0]
    known = [*model.model_fields]
    hint = near(loc[-1], known) or "."
    return f"no such field{hint} Known: {', '.join(known)}"


def show(body: Any, status: int = 200) -> Response:
    """Return an answer in JSON; dataclasses become objects, instants end in Z."""
    return Response(to_json(body), status, mimetype="application/json")


def answer(
    status: int, body: Any = None, headers: Mapping[str, str] | None = None
) -> Response:
    """Return an answer: text as it is, anything else as JSON, nothing for None."""
    if body is None or isinstance(body, str):
        kind = "text/plain" if body else None
        return Response(body, status, headers, mimetype=kind)
    text = json.dumps(body, separators=(",", ":"))
    return Response(text, status, headers, mimetype="application/json")
