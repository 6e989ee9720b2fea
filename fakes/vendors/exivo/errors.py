"""What a refusal looks like: the one place that knows, since no source shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic_core import ErrorDetails

    from fakes.vendors.exivo.answers import Refusal

CHALLENGE = {"WWW-Authenticate": 'Basic realm="exivo"'}
MOST_TOLD = 10


def body(message: str) -> Refusal:
    """Return the body of a refusal."""
    return {"message": message}


def told(errors: Iterable[ErrorDetails]) -> str:
    """Return which fields are wrong and why, without their values."""
    lines = []
    for error in errors:
        where = ".".join(str(part) for part in error["loc"]) or "body"
        lines.append(f"{where}: {error['msg'].removeprefix('Value error, ')}")
    return "; ".join(lines[:MOST_TOLD])
