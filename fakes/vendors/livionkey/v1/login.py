"""Logging in to the older interface.

Invariants: every login gives a fresh token, which lives for an hour; there is no
log-out. Too many logins are throttled, right or wrong.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import request
from werkzeug.http import http_date

from fakes.kit.call import answer, current_world
from fakes.kit.ids import MIXED, spell
from fakes.vendors.livionkey.auth import LOGIN, WRONG_LOGIN, field, matches, missing
from fakes.vendors.livionkey.state import NAME, quirk, state_of
from fakes.vendors.livionkey.wire import blueprint

if TYPE_CHECKING:
    from werkzeug import Response

    from fakes.kit.world import World
    from fakes.vendors.livionkey.account import Account

TOO_MANY = "Too many login attempts, try again later"
TOKEN_SIZE = 180
SWEPT_AFTER = timedelta(days=1)
SECOND = timedelta(seconds=1)


@blueprint.post(LOGIN)
def login() -> Response:
    """Answer a login with a fresh token."""
    world = current_world()
    account = state_of(world).account
    refused = missing(request) or _throttle(world, account)
    if refused:
        return refused
    if not matches(field(request, "password"), account.password):
        return answer(400, WRONG_LOGIN)
    until = world.now + timedelta(seconds=quirk(world, "token-lifetime-seconds"))
    number = world.ids.ordinal("livionkey.token")
    token = spell(account.secret("token", number), TOKEN_SIZE, MIXED)
    _sweep(world, account)
    account.tokens[token] = until
    world.register_credential(NAME, f"token:{token}")
    return answer(200, {"token": token, "expirationTime": http_date(until)})


def _throttle(world: World, account: Account) -> Response | None:
    """Count a login; return the refusal if there were too many of late."""
    span = timedelta(seconds=quirk(world, "login-window-seconds"))
    account.logins = [at for at in account.logins if world.now < at + span]
    if len(account.logins) >= quirk(world, "login-limit"):
        wait = account.logins[0] + span - world.now
        return answer(429, TOO_MANY, {"Retry-After": str(-(-wait // SECOND))})
    account.logins.append(world.now)
    return None


def _sweep(world: World, account: Account) -> None:
    """Forget tokens that have been dead for long; the oldest stand first."""
    for token, until in list(account.tokens.items()):
        if world.now < until + SWEPT_AFTER:
            return
        del account.tokens[token]
        world.release_credential(NAME, f"token:{token}")
