"""API keys and the tokens made under them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.vendors.nuki.contract.people import KeyShape, TokenShape
from fakes.vendors.nuki.errors import bad_value
from fakes.vendors.nuki.paths.base import accepted, found, key, listed, routes, shown
from fakes.vendors.nuki.people import SCOPES, Key, Token
from fakes.vendors.nuki.schemas import ApiKeyRequest, TokenRequest
from fakes.vendors.nuki.state import (
    NAME,
    credential,
    integer,
    object_id,
    quirk,
    state_of,
)
from fakes.vendors.nuki.tokens import allow
from fakes.vendors.nuki.wire import read

if TYPE_CHECKING:
    from collections.abc import Iterable

    from werkzeug import Response

    from fakes.kit.world import World

SCOPE = "account"


@routes.get("/api/key")
def list_keys() -> Response:
    """List the keys."""
    world = allow(SCOPE)
    return listed(_key(world, each) for each in state_of(world).keys.values())


@routes.put("/api/key")
def create_key() -> Response:
    """Make a key."""
    world, body = allow(SCOPE), read(ApiKeyRequest)
    made = Key(
        key_id=integer(world, "key"),
        api_key=credential(world, "client-id", 20),
        created_at=world.now,
        description=body.description,
        redirect_uris=tuple(body.redirect_uris or ()),
    )
    state_of(world).keys[made.key_id] = made
    world.register_credential(NAME, made.api_key)
    return shown(_key(world, made))


@routes.post("/api/key/<int:key_id>")
def change_key(key_id: int) -> Response:
    """Change a key."""
    world, body = allow(SCOPE), read(ApiKeyRequest)
    changed = key(world, key_id)
    changed.description = body.description or changed.description
    if body.redirect_uris is not None:
        changed.redirect_uris = tuple(body.redirect_uris)
    return accepted()


@routes.delete("/api/key/<int:key_id>")
def delete_key(key_id: int) -> Response:
    """Delete a key, and with it its tokens."""
    world = allow(SCOPE)
    gone = key(world, key_id)
    for text, _token in _tokens(world, gone):
        _end(world, text)
    del state_of(world).keys[key_id]
    world.release_credential(NAME, gone.api_key)
    return accepted()


@routes.get("/api/key/<int:key_id>/token")
def list_tokens(key_id: int) -> Response:
    """List the tokens made by hand under a key."""
    world = allow(SCOPE)
    again = bool(quirk(world, "token-shown-again"))
    return listed(
        _token(world, token, text if again else None)
        for text, token in _tokens(world, key(world, key_id))
        if token.by_hand
    )


@routes.put("/api/key/<int:key_id>/token")
def create_token(key_id: int) -> Response:
    """Make a token by hand; it never expires."""
    world, body = allow(SCOPE), read(TokenRequest)
    owner, scopes = key(world, key_id), _scopes(body.scopes)
    text = credential(world, "token")
    made = Token(object_id(world), owner.key_id, scopes, world.now, body.description)
    state_of(world).tokens[text] = made
    world.register_credential(NAME, text)
    return shown(_token(world, made, text))


@routes.post("/api/key/<int:key_id>/token/<token_id>")
def change_token(key_id: int, token_id: str) -> Response:
    """Change a token; its scopes count from now on."""
    world, body = allow(SCOPE), read(TokenRequest)
    _text, token = _find(world, key_id, token_id)
    token.description = body.description or token.description
    if body.scopes is not None:
        token.scopes = _scopes(body.scopes)
    return accepted()


@routes.delete("/api/key/<int:key_id>/token/<token_id>")
def delete_token(key_id: int, token_id: str) -> Response:
    """Revoke a token."""
    world = allow(SCOPE)
    _end(world, _find(world, key_id, token_id)[0])
    return accepted()


def _scopes(scopes: Iterable[str] | None) -> tuple[str, ...]:
    """Return the scopes of a token; all if none are named."""
    for scope in scopes or ():
        if scope not in SCOPES:
            raise bad_value(scope, "scopes")
    return SCOPES if scopes is None else tuple(scopes)


def _tokens(world: World, owner: Key) -> list[tuple[str, Token]]:
    tokens = state_of(world).tokens.items()
    return [(text, token) for text, token in tokens if token.key_id == owner.key_id]


def _find(world: World, key_id: int, token_id: str) -> tuple[str, Token]:
    tokens = _tokens(world, key(world, key_id))
    return found(next((t for t in tokens if t[1].token_id == token_id), None), "token")


def _end(world: World, text: str) -> None:
    del state_of(world).tokens[text]
    world.release_credential(NAME, text)


def _key(world: World, each: Key) -> KeyShape:
    return KeyShape(
        api_key_id=each.key_id,
        account_id=state_of(world).account.account_id,
        description=each.description,
        redirect_uris=list(each.redirect_uris),
        creation_date=each.created_at,
        api_key=each.api_key,
    )


def _token(world: World, token: Token, text: str | None) -> TokenShape:
    return TokenShape(
        id=token.token_id,
        account_id=state_of(world).account.account_id,
        description=token.description,
        access_token=text,
        scopes=list(token.scopes),
        creation_date=token.created_at,
    )
