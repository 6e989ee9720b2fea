"""What every path of LivionKey shares: the blueprint, bodies, texts, refusals.

Invariants: the older interface answers many calls with a text; whether that is plain or
quoted JSON is a switch. An unknown path is a 404 in text.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, request
from werkzeug import Response

from fakes.kit.call import answer, current_world
from fakes.vendors.livionkey.auth import Turned, fields
from fakes.vendors.livionkey.errors import ErrorCode, Refused
from fakes.vendors.livionkey.state import quirk

blueprint = Blueprint("livionkey", __name__)
LAST_INSTANT = datetime(9000, 1, 1, tzinfo=UTC)  # so that a grace can be added
NOT_FOUND = {ErrorCode.UNKNOWN_SLOT: 404}  # any other refusal is a 400


@blueprint.errorhandler(Turned)
def show_turned(turned: Turned) -> Response:
    """Answer who may not call."""
    return turned.response


@blueprint.errorhandler(Refused)
def show_refusal(refused: Refused) -> Response:
    """Answer a refusal as the older interface does: a 400 and a text."""
    return text(refused.error.value, NOT_FOUND.get(refused.error, 400))


def text(words: str, status: int = 200) -> Response:
    """Return a text, plain or as a JSON string."""
    if quirk(current_world(), "text-answers") == "json":
        return Response(json.dumps(words), status, mimetype="application/json")
    return answer(status, words)


def body() -> dict[str, Any]:
    """Return the body as an object; anything else counts as an empty one."""
    return fields(request)


def said(given: dict[str, Any], name: str) -> str | None:
    """Return a field as text if something is said in it; numbers are taken too."""
    value = given.get(name)
    plain = isinstance(value, (str, int)) and not isinstance(value, bool)
    return str(value) if plain and value != "" else None


def instant(value: Any) -> datetime | None:
    """Return the instant (UTC) that a text means, or nothing if it means none."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
        if found is None:
            return None
        aware = found if found.tzinfo else found.replace(tzinfo=UTC)
        utc = aware.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return utc if utc < LAST_INSTANT else None


def flag(value: Any) -> bool:
    """Return whether a field or a query value says yes."""
    return value is True or str(value).lower() == "true"
