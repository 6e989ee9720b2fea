"""The account and its users."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from fakes.vendors.nuki import orders, push
from fakes.vendors.nuki.contract.people import AccountShape, UserShape
from fakes.vendors.nuki.errors import bad_value, refused
from fakes.vendors.nuki.orders import Order
from fakes.vendors.nuki.paths.base import accepted, found, listed, routes, shown
from fakes.vendors.nuki.people import User
from fakes.vendors.nuki.schemas import AccountChange, UserRequest
from fakes.vendors.nuki.state import NAME, integer, state_of
from fakes.vendors.nuki.tokens import allow
from fakes.vendors.nuki.wire import number, read

if TYPE_CHECKING:
    from werkzeug import Response

    from fakes.kit.world import World

LANGUAGES = ("en", "de", "es", "fr", "it", "nl", "cs", "sk")
USER_TYPES = (None, 0, 1)
SHORTEST_PASSWORD = 7
USER_SCOPES = ("account", "smartlock.auth")


@routes.get("/account")
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
def create_user() -> Response:
    """Add a user."""
    world, body = allow(*USER_SCOPES), read(UserRequest)
    if not body.email or _owner(world, body.email):
        raise bad_value(body.email, "email")
    if not body.name:
        raise bad_value(body.name, "name")
    _check(body)
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
    push.tell_user(world, _user(world, user))
    return shown(_user(world, user))


@routes.get("/account/user/<int:user_id>")
def show_user(user_id: int) -> Response:
    """Show a user."""
    world = allow(*USER_SCOPES)
    return shown(_user(world, _find(world, user_id)))


@routes.post("/account/user/<int:user_id>")
def change_user(user_id: int) -> Response:
    """Change a user."""
    world, body = allow(*USER_SCOPES), read(UserRequest)
    user = _find(world, user_id)
    _check(body)
    if body.email and _owner(world, body.email) not in {None, user.user_id}:
        raise refused(409, "Another user has this email")
    user.email = body.email or user.email
    user.name = body.name or user.name
    user.language = body.language or user.language
    user.updated_at = world.now
    push.tell_user(world, _user(world, user))
    return shown(_user(world, user))


@routes.delete("/account/user/<int:user_id>")
def delete_user(user_id: int) -> Response:
    """Delete a user at once, and order that the user's auths be deleted."""
    world = allow(*USER_SCOPES)
    user = _find(world, user_id)
    deletions = [
        Order(lock, "delete", row)
        for lock, row in state_of(world).auths()
        if row.settings.account_user == user_id
    ]
    for order in deletions:
        orders.check_free(world, order)
    for order in deletions:
        orders.accept(world, order)
    del state_of(world).users[user_id]
    push.tell_user(world, _user(world, user), deleted=True)
    return accepted()


def _check(body: UserRequest) -> None:
    if body.type not in USER_TYPES:
        raise bad_value(body.type, "type")
    if body.language not in {None, *LANGUAGES}:
        raise bad_value(body.language, "language")


def _find(world: World, user_id: int) -> User:
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
