"""The account, its users, its API keys, and the tokens made under the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from fakes.kit.answers import answers
from fakes.vendors.nuki import delivery, webhooks
from fakes.vendors.nuki.auth import allow
from fakes.vendors.nuki.delivery import Order
from fakes.vendors.nuki.errors import bad_value, refused
from fakes.vendors.nuki.routes.base import accepted, found, key, listed, routes, shown
from fakes.vendors.nuki.schemas.people import (
    AccountShape,
    KeyShape,
    TokenShape,
    UserShape,
)
from fakes.vendors.nuki.schemas.requests import (
    AccountChange,
    ApiKeyRequest,
    TokenRequest,
    UserRequest,
    number,
    read,
)
from fakes.vendors.nuki.state import (
    NAME,
    SCOPES,
    Key,
    Token,
    User,
    credential,
    integer,
    object_id,
    quirk,
    state_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from werkzeug import Response

    from fakes.kit.world import World


LANGUAGES = ("en", "de", "es", "fr", "it", "nl", "cs", "sk")
USER_TYPES = (None, 0, 1)
SHORTEST_PASSWORD = 7
USER_SCOPES = ("account", "smartlock.auth")
SCOPE = "account"


@routes.get("/account")
@answers(AccountShape)
def show_account() -> Response:
    """Show the account."""
    account = state_of(allow("account")).account
    shape = AccountShape(
        account_id=account.account_id,
        type=0,
        email=account.email,
        email_verified=True,
        name=account.name,
        language=account.language,
        creation_date=account.created_at,
        update_date=account.updated_at,
    )
    return shown(shape)


@routes.post("/account")
@answers(None)
def change_account() -> Response:
    """Change the account; a new password ends every token made by hand."""
    world, body = allow("account"), read(AccountChange)
    if body.language is None:
        raise bad_value(None, "language")
    password = body.password
    if password is not None and len(password) < SHORTEST_PASSWORD:
        raise bad_value(None, "password")
    account = state_of(world).account
    account.name = body.name or account.name
    account.email = body.email or account.email
    account.language = body.language
    account.updated_at = world.now
    if password is not None and request.args.get("deleteApiTokens") != "false":
        _end_tokens(world)
    return accepted()


@routes.get("/account/user")
@answers(list[UserShape])
def list_users() -> Response:
    """List the users, of one address if it is named."""
    world = allow(*USER_SCOPES)
    email = request.args.get("email")
    rows = [
        each for each in state_of(world).users.values() if email in {None, each.email}
    ]
    start, limit = number("offset") or 0, number("limit")
    page = rows[start:] if limit is None else rows[start:][:limit]
    return listed(_user(world, each) for each in page)


@routes.put("/account/user")
@answers(UserShape)
def create_user() -> Response:
    """Add a user."""
    world, body = allow(*USER_SCOPES), read(UserRequest)
    if not body.email or _owner(world, body.email):
        raise bad_value(body.email, "email")
    if not body.name:
        raise bad_value(body.name, "name")
    _check_user(body)
    user = User(
        user_id=integer(world, "user"),
        email=body.email,
        name=body.name,
        created_at=world.now,
        updated_at=world.now,
        type=body.type,
        language=body.language,
    )
    state_of(world).users[user.user_id] = user
    webhooks.send_user(world, _user(world, user))
    return shown(_user(world, user))


@routes.get("/account/user/<int:user_id>")
@answers(UserShape)
def show_user(user_id: int) -> Response:
    """Show a user."""
    world = allow(*USER_SCOPES)
    return shown(_user(world, _find_user(world, user_id)))


@routes.post("/account/user/<int:user_id>")
@answers(UserShape)
def change_user(user_id: int) -> Response:
    """Change a user."""
    world, body = allow(*USER_SCOPES), read(UserRequest)
    user = _find_user(world, user_id)
    _check_user(body)
    if body.email and _owner(world, body.email) not in {None, user.user_id}:
        raise refused(409, "Another user has this email")
    user.email = body.email or user.email
    user.name = body.name or user.name
    user.language = body.language or user.language
    user.updated_at = world.now
    webhooks.send_user(world, _user(world, user))
    return shown(_user(world, user))


@routes.delete("/account/user/<int:user_id>")
@answers(None)
def delete_user(user_id: int) -> Response:
    """Delete a user at once, and order that the user's auths be deleted."""
    world = allow(*USER_SCOPES)
    user = _find_user(world, user_id)
    deletions = [
        Order(lock, "delete", row)
        for lock, row in state_of(world).auths()
        if row.settings.account_user == user_id
    ]
    for order in deletions:
        delivery.check_free(world, order)
    for order in deletions:
        delivery.accept(world, order)
    del state_of(world).users[user_id]
    webhooks.send_user(world, _user(world, user), deleted=True)
    return accepted()


def _check_user(body: UserRequest) -> None:
    if body.type not in USER_TYPES:
        raise bad_value(body.type, "type")
    if body.language not in {None, *LANGUAGES}:
        raise bad_value(body.language, "language")


def _find_user(world: World, user_id: int) -> User:
    return found(state_of(world).users.get(user_id), "user")


def _owner(world: World, email: str) -> int | None:
    users = state_of(world).users.values()
    return next((user.user_id for user in users if user.email == email), None)


def _user(world: World, user: User) -> UserShape:
    return UserShape(
        account_user_id=user.user_id,
        account_id=state_of(world).account.account_id,
        type=user.type,
        email=user.email,
        name=user.name,
        language=user.language,
        creation_date=user.created_at,
        update_date=user.updated_at,
    )


def _end_tokens(world: World) -> None:
    tokens = state_of(world).tokens
    for text in [text for text, token in tokens.items() if token.by_hand]:
        del tokens[text]
        world.release_credential(NAME, text)


@routes.get("/api/key")
@answers(list[KeyShape])
def list_keys() -> Response:
    """List the keys."""
    world = allow(SCOPE)
    return listed(_key(world, each) for each in state_of(world).keys.values())


@routes.put("/api/key")
@answers(KeyShape)
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
@answers(None)
def change_key(key_id: int) -> Response:
    """Change a key."""
    world, body = allow(SCOPE), read(ApiKeyRequest)
    changed = key(world, key_id)
    changed.description = body.description or changed.description
    if body.redirect_uris is not None:
        changed.redirect_uris = tuple(body.redirect_uris)
    return accepted()


@routes.delete("/api/key/<int:key_id>")
@answers(None)
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
@answers(list[TokenShape])
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
@answers(TokenShape)
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
@answers(None)
def change_token(key_id: int, token_id: str) -> Response:
    """Change a token; its scopes count from now on."""
    world, body = allow(SCOPE), read(TokenRequest)
    _text, token = _find_token(world, key_id, token_id)
    token.description = body.description or token.description
    if body.scopes is not None:
        token.scopes = _scopes(body.scopes)
    return accepted()


@routes.delete("/api/key/<int:key_id>/token/<token_id>")
@answers(None)
def delete_token(key_id: int, token_id: str) -> Response:
    """Revoke a token."""
    world = allow(SCOPE)
    _end(world, _find_token(world, key_id, token_id)[0])
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


def _find_token(world: World, key_id: int, token_id: str) -> tuple[str, Token]:
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
