"""Refusals in the vendor's own shapes, so far as they are known.

Invariants: 400 and 423 look as they were seen; 422 is the server library's own answer
to JSON that fits no model. Of the others no body was ever seen: quirk `other-errors`.
"""

from __future__ import annotations

import json
from typing import Any

NO_TRACE: dict[str, Any] = {"stackTrace": [], "suppressedExceptions": []}


class Refused(Exception):  # noqa: N818 - it is the vendor's answer, not a failure
    """A refusal; `known` tells whether its body was ever seen."""

    def __init__(self, status: int, body: Any, *, known: bool = True) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.known = known


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
    """Return a refusal whose body nobody has described."""
    return Refused(status, {"detailMessage": message, **NO_TRACE}, known=False)
