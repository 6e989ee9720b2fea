"""The vendor call that is being answered: which world it belongs to, and its mark.

Invariants: a vendor's view learns its world from here and from nowhere else. The gate
has found the world by the credential, holds its lock, and has caught up its clock.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import flask
from werkzeug import Request, Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from _typeshed.wsgi import WSGIEnvironment

    from fakes.kit.world import World

KEY = "strikeplate.call"


@dataclass
class Call:
    """One call of a vendor's path; `ref` is what it was about, for the journal."""

    world: World
    vendor: str
    request: Request
    ref: str | None = None

    def __post_init__(self) -> None:
        self.method = self.request.method
        self.path = self.request.path.removeprefix(f"/{self.vendor}") or "/"
        self.environ[KEY] = self

    @property
    def environ(self) -> WSGIEnvironment:
        """The WSGI environment of the call."""
        return self.request.environ


def current_world() -> World:
    """Return the world of the call that is being answered."""
    call: Call = flask.request.environ[KEY]
    return call.world


def note(ref: str) -> None:
    """Tell the journal what the call was about: the id of a code, a job, a door."""
    flask.request.environ[KEY].ref = ref


def answer(
    status: int, body: Any = None, headers: Mapping[str, str] | None = None
) -> Response:
    """Return an answer: text as it is, anything else as JSON, nothing for None."""
    if body is None or isinstance(body, str):
        kind = "text/plain" if body else None
        return Response(body, status, headers, mimetype=kind)
    text = json.dumps(body, separators=(",", ":"))
    return Response(text, status, headers, mimetype="application/json")
