"""Access tokens by OAuth2, as an AWS Cognito domain gives them to a machine.

Invariants: a client proves itself by HTTP Basic or by form fields. One scope that it
does not own fails the whole call; a call that names no scope gets all that the client
owns. A token is looked up, never decoded. Each new token removes the expired ones.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from typing import TYPE_CHECKING

import flask

from fakes.kit.dispatch import answer, current_world
from fakes.vendors.igloohome.errors import Refused
from fakes.vendors.igloohome.state import NAME, State, Token, quirk, state_of

if TYPE_CHECKING:
    from werkzeug import Request, Response

    from fakes.kit.world import World


TOKEN_PATH = "/oauth2/token"  # noqa: S105 - a path
PORTAL_PATH = "/portal"
LOGIN_PATH = "/login"
BY_CLIENT = (TOKEN_PATH, PORTAL_PATH, LOGIN_PATH)
PREFIX = "igloohomeapi/"
ISSUER = "https://cognito-idp.ap-southeast-1.amazonaws.com/ap-southeast-1_strikeplate"
SCOPES = (
    *(f"algopin-{kind}" for kind in ("onetime", "hourly", "daily", "permanent")),
    *("get-devices", "get-properties", "get-job-status"),
    "lock-bridge-proxied-job",
    "unlock-bridge-proxied-job",
    "create-pin-bridge-proxied-job",
    "delete-pin-bridge-proxied-job",
    "get-device-status-bridge-proxied-job",
    "get-battery-level-bridge-proxied-job",
    "get-activity-logs-bridge-proxied-job",
    *("get-device-activity", "store-device-activity"),
    "create-bridge-proxied-job",
)
CODE_GRANTS = ("authorization_code", "refresh_token")


def presented(request: Request) -> str | None:
    """Return the client's id where a client proves itself, else the bearer token."""
    if not _by_client(request):
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else None
    basic = request.authorization
    if basic is not None and basic.type == "basic":
        return basic.username
    return request.values.get("client_id")


def no_world(request: Request) -> Response:
    """Refuse a call whose credential is unknown."""
    if _by_client(request):
        return answer(400, {"error": "invalid_client"})
    return answer(401, _unauthorized().body)


def prove_client(state: State) -> None:
    """Return if the call carries its client's secret; otherwise it is refused."""
    basic = flask.request.authorization
    if basic is not None and basic.type == "basic":
        secret = basic.password or ""
    else:
        secret = flask.request.form.get("client_secret", "")
    right = state.clients.get(presented(flask.request) or "", "")
    if not (right and hmac.compare_digest(secret.encode(), right.encode())):
        raise oauth("invalid_client")


def grant(world: World) -> dict[str, object]:
    """Return the answer to a token call of a machine, with a new token in it."""
    return give(world, granted(world, flask.request.form.get("scope", "").split()))


def grant_type(world: World) -> str:
    """Return what kind of token call this is, its client proven."""
    prove_client(state_of(world))
    found = flask.request.form.get("grant_type")
    if not found:
        raise oauth("invalid_request")
    unused = found in CODE_GRANTS and not quirk(world, "code-grant")
    if found == "password" or unused:
        raise oauth("unauthorized_client")
    if found not in {*CODE_GRANTS, "client_credentials"}:
        raise oauth("unsupported_grant_type")
    return found


def give(world: World, scopes: tuple[str, ...]) -> dict[str, object]:
    """Return a fresh token as it is answered."""
    state = state_of(world)
    lifetime = int(quirk(world, "token-lifetime-seconds"))
    client = presented(flask.request) or ""
    token = _make(world, client, scopes, lifetime)
    _purge(world, state)
    until = world.now + timedelta(seconds=lifetime)
    state.tokens[token] = Token(scopes, until, client)
    world.register_credential(NAME, token)
    return {"access_token": token, "expires_in": lifetime, "token_type": "Bearer"}


def allow(*scopes: str, alone: bool = False) -> World:
    """Return the world of this call, if its token lives and has one of the scopes.

    Without scopes any living token will do. `alone`: the token must have been asked
    for with just that scope.
    """
    world = current_world()
    token = state_of(world).tokens.get(presented(flask.request) or "")
    if token is None or not token.lives(world.now):
        raise _unauthorized()
    if scopes and not set(scopes) & set(token.scopes):
        needed = " or ".join(PREFIX + scope for scope in scopes)
        raise Refused(403, "forbidden", f"the token lacks the scope {needed}")
    if alone and len(token.scopes) > 1:
        raise Refused(
            403, "forbidden", f"ask for a token with {PREFIX}{scopes[0]} only"
        )
    return world


def _by_client(request: Request) -> bool:
    return request.path.removeprefix(f"/{NAME}").startswith(BY_CLIENT)


def granted(world: World, asked: list[str]) -> tuple[str, ...]:
    """Return the scopes of a call that asks for these; all owned ones for none."""
    withheld = str(quirk(world, "withheld-scopes")).split()
    owned = [scope for scope in SCOPES if scope not in withheld]
    named = [scope.removeprefix(PREFIX) for scope in asked if scope.startswith(PREFIX)]
    if len(named) < len(asked) or not set(named) <= set(owned):
        raise oauth("invalid_scope")
    return tuple(dict.fromkeys(named or owned))


def _make(world: World, client: str, scopes: tuple[str, ...], lifetime: int) -> str:
    issued = int(world.client_now.timestamp())
    claims = {
        "sub": client,
        "token_use": "access",
        "scope": " ".join(PREFIX + scope for scope in scopes),
        "auth_time": issued,
        "iss": ISSUER,
        "exp": issued + lifetime,
        "iat": issued,
        "version": 2,
        "jti": world.ids.uuid("igloohome.token"),
        "client_id": client,
    }
    import jwt  # noqa: PLC0415 - it loads all of cryptography; fakes start without

    key = hashlib.sha256(state_of(world).clients[client].encode()).digest()
    return jwt.encode(claims, key, algorithm="HS256")


def _purge(world: World, state: State) -> None:
    """Remove expired tokens; the oldest come first, so few others are read."""
    for token, facts in list(state.tokens.items()):
        if facts.lives(world.now):
            return
        del state.tokens[token]
        world.release_credential(NAME, token)


def oauth(error: str) -> Refused:
    """Return a refusal in Cognito's words."""
    refused = Refused(400, error, "")
    refused.body = {"error": error}
    return refused


def _unauthorized() -> Refused:
    return Refused(401, "unauthorized", "the access token is missing, wrong or expired")
