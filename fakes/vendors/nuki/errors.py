"""Refusals in Nuki's own shapes, as far as they are known.

Invariants: 400 and 423 look as they were observed; 422 is what the server's library
answers to JSON that fits no model. No body of any other status was ever observed; quirk
`other-errors` decides what it looks like.
"""

from __future__ import annotations

import json
from typing import Any

from typing_extensions import TypedDict

NO_TRACE: dict[str, Any] = {"stackTrace": [], "suppressedExceptions": []}


class RefusalShape(TypedDict, total=False):
    """The body of a refusal: the server's own, its library's, or that of OAuth."""

    detailMessage: str
    stackTrace: list[Any]
    suppressedExceptions: list[Any]
    code: int
    description: str
    homeRef: str
    reasonPhrase: str
    uri: str
    error: str


class Refused(Exception):  # noqa: N818 - it is the vendor's answer, not a failure
    """A refusal; `known` says whether its body was ever observed."""

    def __init__(self, status: int, body: Any, *, known: bool = True) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.known = known
        self.headers: dict[str, str] = {}


def bad_value(value: object, parameter: str, status: int = 400) -> Refused:
    """Return the refusal of one value."""
    text = value if isinstance(value, str) else json.dumps(value)
    message = f"The supplied value '{text}' for parameter '{parameter}' is not valid"
    return Refused(status, {"detailMessage": message, **NO_TRACE})


def running() -> Refused:
    """Return the refusal of a write that meets a running operation."""
    return Refused(423, NO_TRACE)


def unmapped() -> Refused:
    """Return the refusal of a body that is no JSON, or fits no model."""
    return Refused(
        422,
        {
            "code": 422,
            "description": "The request entity cannot be processed",
            "homeRef": "/",
            "reasonPhrase": "Unprocessable Entity",
            "uri": "http://www.webdav.org/specs/rfc2518.html#STATUS_422",
        },
    )


def refused(status: int, message: str) -> Refused:
    """Return a refusal whose body is not documented."""
    return Refused(status, {"detailMessage": message, **NO_TRACE}, known=False)
