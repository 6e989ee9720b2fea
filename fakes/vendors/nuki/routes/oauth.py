"""The OAuth 2 code flow: consent, code, access token, refresh token.

Invariants: consent is given at once, since there is nobody to ask. A client may prove
itself by HTTP Basic, in the form or in the query, as different clients do. Only an
advanced key has a secret; a plain key proves itself by its id alone.
"""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, NotRequired
from urllib.parse import urlencode

import flask
from typing_extensions import TypedDict
from werkzeug.utils import redirect

from fakes.kit.answers import FORM, answers, takes
from fakes.kit.dispatch import answer, current_world
from fakes.vendors.nuki.auth import OAUTH, presented
from fakes.vendors.nuki.errors import Refused
from fakes.vendors.nuki.routes.base import routes
from fakes.vendors.nuki.state import (
    NAME,
    SCOPES,
    Consent,
    Key,
    Token,
    credential,
    object_id,
    quirk,
    state_of,
)

if TYPE_CHECKING:
    from werkzeug import Response

    from fakes.kit.world import World


class TokenAnswer(TypedDict):
    """An access token, and where it can be renewed what renews it."""

    access_token: str
    token_type: str
    expires_in: int
    scope: str
    refresh_token: NotRequired[str]


class TokenForm(TypedDict):
    """A code or a refresh token; a client may also prove itself by HTTP Basic."""

    grant_type: Literal["authorization_code", "refresh_token"]
    client_id: NotRequired[str]
    client_secret: NotRequired[str]
    code: NotRequired[str]
    redirect_uri: NotRequired[str]
    refresh_token: NotRequired[str]


@routes.get(f"{OAUTH}authorize")
@answers(None, status=302)
def authorize() -> Response:
    """Consent at once, and send the browser back with a code."""
    world, asked = current_world(), flask.request.args
    key = _client(world)
    if asked.get("response_type") != "code":
        raise _refused("unsupported_response_type")
    target = asked.get("redirect_uri", "")
    if target not in key.redirect_uris:
        raise _refused("invalid_redirect_uri")
    code = credential(world, "code", 40)
    expires_at = world.now + timedelta(seconds=int(quirk(world, "code-seconds")))
    consent = Consent(key.key_id, _scopes(asked.get("scope", "")), target, expires_at)
    state_of(world).consents[code] = consent
    given = {"code": code} | {n: asked[n] for n in ("state",) if n in asked}
    return redirect(f"{target}?{urlencode(given)}")


@routes.post(f"{OAUTH}token")
@takes(TokenForm, FORM)
@answers(TokenAnswer)
def token() -> Response:
    """Turn a code or a refresh token into an access token."""
    world = current_world()
    key = _client(world)
    _prove(key)
    grant = flask.request.values.get("grant_type")
    if grant == "authorization_code":
        return _give(world, key, _of_code(world, key), renews=True)
    if grant == "refresh_token":
        rotates = bool(quirk(world, "refresh-rotates"))
        return _give(world, key, _of_refresh(world, key), renews=rotates)
    raise _refused("unsupported_grant_type")


def _client(world: World) -> Key:
    client_id = presented(flask.request)
    keys = state_of(world).keys.values()
    found = next((key for key in keys if key.api_key == client_id), None)
    if found is None:
        raise _refused("invalid_client", 401)
    return found


def _prove(key: Key) -> None:
    """Return if the call carries the key's secret, where it has one."""
    if key.advanced is None:
        return
    basic = flask.request.authorization
    by_basic = basic is not None and basic.type == "basic"
    given = basic.password if basic and by_basic else None
    given = given or _presented("client_secret")
    if not hmac.compare_digest(given.encode(), key.advanced.secret.encode()):
        raise _refused("invalid_client", 401)


def _of_code(world: World, key: Key) -> Consent:
    """Return the consent behind a code; it is good once, for one redirect URI."""
    consents = state_of(world).consents
    consent = consents.pop(_presented("code"), None)
    if consent is None or consent.key_id != key.key_id:
        raise _refused("invalid_grant")
    late = consent.expires_at is None or world.now >= consent.expires_at
    if late or _presented("redirect_uri") != consent.redirect_uri:
        raise _refused("invalid_grant")
    return consent


def _of_refresh(world: World, key: Key) -> Consent:
    """Return the consent behind a refresh token; it stays good unless it rotates."""
    text, consents = _presented("refresh_token"), state_of(world).consents
    consent = consents.get(text)
    if consent is None or consent.key_id != key.key_id or consent.expires_at:
        raise _refused("invalid_grant")
    if quirk(world, "refresh-rotates"):
        del consents[text]
    return consent


def _presented(field: str) -> str:
    return flask.request.values.get(field, "")


def _give(world: World, key: Key, consent: Consent, *, renews: bool) -> Response:
    _purge(world)
    state = state_of(world)
    lifetime = int(quirk(world, "access-token-seconds"))
    access = credential(world, "access-token")
    state.tokens[access] = Token(
        token_id=object_id(world),
        key_id=key.key_id,
        scopes=consent.scopes,
        created_at=world.now,
        expires_at=world.now + timedelta(seconds=lifetime),
        by_hand=False,
    )
    world.register_credential(NAME, access)
    given: dict[str, object] = {
        "access_token": access,
        "token_type": "bearer",
        "expires_in": lifetime,
        "scope": " ".join(consent.scopes),
    }
    if renews:
        refresh = credential(world, "refresh-token")
        state.consents[refresh] = Consent(key.key_id, consent.scopes)
        given["refresh_token"] = refresh
    return answer(200, given)


def _purge(world: World) -> None:
    """Forget dead tokens."""
    tokens = state_of(world).tokens
    for text in [text for text, each in tokens.items() if not each.lives(world.now)]:
        del tokens[text]
        world.release_credential(NAME, text)


def _scopes(text: str) -> tuple[str, ...]:
    scopes = tuple(dict.fromkeys(text.split()))
    if not scopes or not set(scopes) <= set(SCOPES):
        raise _refused("invalid_scope")
    return scopes


def _refused(error: str, status: int = 400) -> Refused:
    return Refused(status, {"error": error})
