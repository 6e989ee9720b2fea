"""The vendor call that is being answered: which world it belongs to, and its mark.

Law: a vendor's view learns its world from here and from nowhere else. The gate
has found the world by the credential, holds its lock, and has caught up its clock.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug import Response

from fakes.kit.world import World

KEY = "strikeplate.call"


@dataclass
class Call:
    """One call of a vendor's path, as the journal will tell of it."""

    world: World
    ref: str | None = None


def current_world() -> World:
    """Return the world of the call that is being answered."""
    call: Call = request.environ[KEY]
    return call.world


def note(ref: str) -> None:
    """Tell the journal what the call was about: the id of a code, a job, a door."""
    request.environ[KEY].ref = ref


def answer(
    status: int, body: Any = None, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a JSON answer, made without an application context; no body for None."""
    text = b"" if body is None else json.dumps(body, separators=(",", ":")).encode()
    return Response(text, status, headers, mimetype="application/json")
