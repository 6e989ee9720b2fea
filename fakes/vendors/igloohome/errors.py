"""Refusals in igloohome's own shape."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict


class RefusalShape(TypedDict):
    """The body of a refusal; one of OAuth has no message."""

    error: str
    message: NotRequired[str]


class Refused(Exception):  # noqa: N818 - it is the vendor's answer, not a failure
    """A refusal in the vendor's own shape."""

    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": error, "message": message}


def invalid(message: str) -> Refused:
    """Return the refusal of a body."""
    return Refused(400, "invalid_request", message)
