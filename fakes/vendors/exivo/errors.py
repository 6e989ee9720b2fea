"""What a refusal looks like. This is the only place, since no source shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic_core import ErrorDetails

    from fakes.vendors.exivo.schemas.responses import Refusal


CHALLENGE = {"WWW-Authenticate": 'Basic realm="exivo"'}
MOST_NAMED = 10


def body(message: str) -> Refusal:
    """Return the body of a refusal."""
    return {"message": message}


def described(errors: Iterable[ErrorDetails]) -> str:
    """Return which fields are wrong and why, without their values."""
    lines = []
    for error in errors:
        where = ".".join(str(part) for part in error["loc"]) or "body"
        lines.append(f"{where}: {error['msg'].removeprefix('Value error, ')}")
    return "; ".join(lines[:MOST_NAMED])


class Refused(Exception):  # noqa: N818 - it is the vendor's answer, not a failure
    """A refusal; without words its body is empty."""

    def __init__(self, status: int, message: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def invalid(message: str) -> Refused:
    """Return the refusal of a change."""
    return Refused(400, message)
