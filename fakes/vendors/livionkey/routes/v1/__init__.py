"""What every path of the older interface shares: blueprint, texts, refusals; the login.

Invariants: many calls are answered with a text; a quirk decides whether that is plain
or quoted JSON. Every login gives a fresh token, which lives for an hour; there is no
log-out.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, request
from werkzeug import Response
from werkzeug.http import http_date

from fakes.kit.answers import answers
from fakes.kit.dispatch import answer, current_world
from fakes.kit.ids import MIXED, spell
from fakes.vendors.livionkey.auth import (
    LOGIN,
    WRONG_LOGIN,
    Turned,
    field,
    fields,
    matches,
    missing,
)
from fakes.vendors.livionkey.errors import ErrorCode, Refused
from fakes.vendors.livionkey.schemas import shapes
from fakes.vendors.livionkey.state import NAME, drop_token, quirk, state_of

if TYPE_CHECKING:
    from fakes.kit.world import World
    from fakes.vendors.livionkey.state import Account


blueprint = Blueprint("livionkey", __name__)
NOT_FOUND = {ErrorCode.UNKNOWN_SLOT: 404}  # any other refusal is a 400
TOO_MANY = "Too many login attempts, try again later"
TOKEN_SIZE = 180
SWEPT_AFTER = timedelta(days=1)
SECOND = timedelta(seconds=1)


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


@blueprint.post(LOGIN)
@answers(shapes.TokenShape)
def login() -> Response:
    """Answer a login with a fresh token."""
    world = current_world()
    account = state_of(world).account
    refused = missing(request) or _throttle(world, account)
    if refused:
        return refused
    email = field(request, "email")
    if not matches(field(request, "password"), account.passwords[email]):
        return answer(400, WRONG_LOGIN)
    lifetime = timedelta(seconds=quirk(world, "token-lifetime-seconds"))
    number = world.ids.ordinal("livionkey.token")
    token = spell(account.secret("token", number), TOKEN_SIZE, MIXED)
    _purge(world, account)
    account.tokens[token] = world.now + lifetime
    account.holders[token] = email
    world.register_credential(NAME, f"token:{token}")
    expires = http_date(world.client_now + lifetime)
    return answer(200, {"token": token, "expirationTime": expires})


def _throttle(world: World, account: Account) -> Response | None:
    """Count a login; return the refusal if there were too many recently.

    The client waits by its own clock, so that ends the refusal; time that the world's
    clock was moved on counts as waited too.
    """
    now = (world.client_now, world.now)
    span = timedelta(seconds=quirk(world, "login-window-seconds"))
    account.logins = [
        login
        for login in account.logins
        if all(at < was + span for at, was in zip(now, login, strict=True))
    ]
    if len(account.logins) >= quirk(world, "login-limit"):
        wait = account.logins[0][0] + span - now[0]
        return answer(429, TOO_MANY, {"Retry-After": str(-(-wait // SECOND))})
    account.logins.append(now)
    return None


def _purge(world: World, account: Account) -> None:
    """Remove tokens that expired long ago; the oldest come first."""
    for token, until in list(account.tokens.items()):
        if world.now < until + SWEPT_AFTER:
            return
        drop_token(world, token)
