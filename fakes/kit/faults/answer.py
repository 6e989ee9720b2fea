"""Fault kind `answer`: the caller gets another status, body or headers.

In phase `before` the vendor does not act at all; in phase `after` it acts, and its own
answer is lost. The same holds at a socket and in process.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from fakes.kit.json_api import Strict, answer

if TYPE_CHECKING:
    from werkzeug import Response


class Answer(Strict):
    """The new answer; without a status the vendor's own status stays."""

    status: Annotated[int, Field(ge=200, le=599)] | None = None
    body: Any = None  # text is sent as it is, anything else as JSON
    headers: dict[str, str] = Field(default_factory=dict)


def is_set(effect: Answer) -> bool:
    """Whether the effect has this kind."""
    return effect.status is not None or effect.body is not None


def replace(effect: Answer, own: Response) -> Response:
    """Return the answer that the caller gets."""
    return answer(effect.status or own.status_code, effect.body, effect.headers)
