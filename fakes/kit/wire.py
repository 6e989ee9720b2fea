"""JSON of the control interface: what comes in is checked, what goes out is shown.

Invariants: a wrong field is named with its value and the fix; instants are aware, and
in UTC on the way out.
"""

from __future__ import annotations

from datetime import UTC
from typing import Annotated, Any, TypeVar

from flask import request
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    ValidationError,
)
from pydantic_core import from_json, to_json
from werkzeug import Response

from fakes.kit.problem import FieldError, Problem

M = TypeVar("M", bound=BaseModel)
SECRETS = frozenset({"code", "pin", "password"})  # never repeated in a refusal

Instant = Annotated[AwareDatetime, AfterValidator(lambda at: at.astimezone(UTC))]


class Strict(BaseModel):
    """A body that takes the fields it names and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Open(BaseModel):
    """A body that takes further fields and hands them on to the vendor."""

    model_config = ConfigDict(extra="allow", frozen=True, defer_build=True)

    @property
    def extra(self) -> dict[str, Any]:
        """The fields that this body does not name itself."""
        return self.model_extra or {}


def read(model: type[M]) -> M:
    """Return the request's body as the model; a Problem names what is wrong."""
    try:
        return model.model_validate_json(request.get_data() or b"{}", strict=True)
    except ValidationError as error:
        raise refusal(error) from error


def read_json() -> Any:
    """Return the request's JSON, whatever the request says about its own type."""
    try:
        return from_json(request.get_data())
    except ValueError as error:
        raise Problem(400, f"the body is not JSON: {error}") from error


def refusal(error: ValidationError, where: str = "") -> Problem:
    """Return the Problem (422) that names every wrong field; 400 if it is not JSON."""
    errors = [
        _field(where, each)
        for each in error.errors(include_url=False, include_context=False)
    ]
    detail = "; ".join(f"{each.field}: {each.fix}" for each in errors)
    broken = any(each["type"] == "json_invalid" for each in error.errors())
    return Problem(400 if broken else 422, detail, *errors)


def _field(where: str, error: Any) -> FieldError:
    name = where + (".".join(str(part) for part in error["loc"]) or "body")
    secret = name.rpartition(".")[2] in SECRETS
    plain = isinstance(error["input"], (str, int, float, bool, type(None)))
    value = error["input"] if plain and not secret else None
    return FieldError(name, value, error["msg"])


def show(body: Any, status: int = 200) -> Response:
    """Return an answer in JSON; dataclasses become objects, instants end in Z."""
    return Response(to_json(body), status, mimetype="application/json")
