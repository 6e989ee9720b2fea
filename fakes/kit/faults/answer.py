"""Fault kind `answer`: the caller gets another status, body or headers.

In phase `before` the vendor does not act at all; in phase `after` it acts, and its own
answer is lost. The same holds at a socket and in process.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, Field

from fakes.kit.json_api import Strict, answer

if TYPE_CHECKING:
    from werkzeug import Response


FRAMING = {"content-length", "transfer-encoding", "connection"}
TOKEN = re.compile(r"[!#$%&'*+.^_`|~\w-]+", re.ASCII)


def _sendable(headers: dict[str, str]) -> dict[str, str]:
    """Refuse headers that no server could send."""
    for name, value in headers.items():
        if not TOKEN.fullmatch(name) or name.lower() in FRAMING:
            raise ValueError(f"the header {name!r} cannot be chosen")
        if not value.isprintable() or not value.isascii():
            raise ValueError(f"the value of {name!r} must be printable ASCII")
    return headers


class Answer(Strict):
    """The new answer; without a status the vendor's own status stays."""

    status: Annotated[int, Field(ge=200, le=599)] | None = None
    body: Any = None  # text is sent as it is, anything else as JSON
    headers: Annotated[dict[str, str], AfterValidator(_sendable)] = Field(
        default_factory=dict
    )


def is_set(effect: Answer) -> bool:
    """Whether the effect has this kind."""
    return effect.status is not None or effect.body is not None


def replace(effect: Answer, own: Response) -> Response:
    """Return the answer that the caller gets."""
    return answer(effect.status or own.status_code, effect.body, effect.headers)
