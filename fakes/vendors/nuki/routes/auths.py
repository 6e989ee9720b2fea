"""Auths: listed from the copy, ordered one by one or in bulk.

Invariants: an order is checked as a whole before any part of it is accepted, unless
quirk `bulk-all-or-none` says otherwise; then everything before the refused part is
done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from fakes.kit.answers import answers, takes
from fakes.kit.dispatch import note
from fakes.vendors.nuki import delivery, validation
from fakes.vendors.nuki.auth import allow
from fakes.vendors.nuki.delivery import Order
from fakes.vendors.nuki.errors import bad_value
from fakes.vendors.nuki.routes.base import accepted, auth, device, listed, routes, shown
from fakes.vendors.nuki.routes.locks import unsubscribed
from fakes.vendors.nuki.schemas import responses
from fakes.vendors.nuki.schemas.requests import (
    AuthChange,
    AuthChanges,
    AuthRequest,
    NewAppAuths,
    NewAuth,
    NewAuths,
    number,
    numbers,
    read,
    read_ids,
    read_many,
)
from fakes.vendors.nuki.schemas.responses import (
    AuthPage,
    AuthShape,
    Confirmation,
    PageInfo,
)
from fakes.vendors.nuki.state import Auth, Device, quirk, state_of
from fakes.vendors.nuki.validation import Case

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from werkzeug import Response

    from fakes.kit.world import World


SCOPE = "smartlock.auth"
PAGE = "/smartlock/auth/paged"
PAGE_SIZE = 100


@routes.get("/smartlock/<int:smartlock_id>/auth")
@answers(list[AuthShape])
def list_auths(smartlock_id: int) -> Response:
    """List the auths of a lock, of some types if they are named."""
    world = allow(SCOPE)
    return listed(_shown(world, [device(world, smartlock_id)]))


@routes.put("/smartlock/<int:smartlock_id>/auth")
@answers(None)
def create_auth(smartlock_id: int) -> Response:
    """Order an auth."""
    world = allow(SCOPE)
    return _accept(world, _new(world, [device(world, smartlock_id)], read(NewAuth)))


@routes.get("/smartlock/<int:smartlock_id>/auth/<auth_id>")
@answers(AuthShape)
def show_auth(smartlock_id: int, auth_id: str) -> Response:
    """Show one auth."""
    world = allow(SCOPE)
    lock = device(world, smartlock_id)
    return shown(responses.auth(world, lock, auth(world, lock, auth_id)))


@routes.post("/smartlock/<int:smartlock_id>/auth/<auth_id>")
@answers(None)
def change_auth(smartlock_id: int, auth_id: str) -> Response:
    """Order a change of an auth."""
    world = allow(SCOPE)
    lock = device(world, smartlock_id)
    row = auth(world, lock, auth_id)
    return _accept(world, [_changed(world, lock, row, read(AuthChange))])


@routes.delete("/smartlock/<int:smartlock_id>/auth/<auth_id>")
@answers(None)
def delete_auth(smartlock_id: int, auth_id: str) -> Response:
    """Order that an auth be deleted."""
    world = allow(SCOPE)
    lock = device(world, smartlock_id)
    return _accept(world, [Order(lock, "delete", auth(world, lock, auth_id))])


@routes.get("/smartlock/auth")
@answers(list[AuthShape])
def list_all_auths() -> Response:
    """List the auths of all locks, of one user if one is named."""
    world = allow(SCOPE)
    return listed(_shown(world, state_of(world).devices.values()))


@routes.get(PAGE)
@answers(AuthPage)
def page_auths() -> Response:
    """List the auths of all locks, page by page; the first page is 0."""
    world = allow(SCOPE)
    page, size = number("page") or 0, number("size")
    size = PAGE_SIZE if size is None else size
    if size < 1:
        raise bad_value(size, "size")
    if page < 0:
        raise bad_value(page, "page")
    rows = list(_shown(world, state_of(world).devices.values()))
    pages = -(-len(rows) // size)
    info = PageInfo(
        total_items=len(rows),
        total_pages=pages,
        current_page=page,
        next_page=_link(page + 1, size, pages),
        prev_page=_link(page - 1, size, pages),
        page_size=size,
    )
    return shown(AuthPage(results=rows[page * size :][:size], pagination=info))


@routes.put("/smartlock/auth")
@answers(None)
def create_auths() -> Response:
    """Order the same auth for several locks."""
    world, body = allow(SCOPE), read(NewAuths)
    return _accept(world, _new(world, _devices(world, body.smartlock_ids), body))


@routes.post("/smartlock/auth")
@takes(list[AuthChanges])
@answers(None)
def change_auths() -> Response:
    """Order several changes."""
    world = allow(SCOPE)
    schemas = read_many(AuthChanges)
    return _accept(world, (_changed(world, *_row(world, w.id), w) for w in schemas))


@routes.delete("/smartlock/auth")
@takes(list[str])
@answers(None)
def delete_auths() -> Response:
    """Order that several auths be deleted; their ids are the body."""
    world = allow(SCOPE)
    ids = read_ids()
    return _accept(world, (_deleted(world, each) for each in ids))


@routes.put("/smartlock/auth/advanced")
@answers(Confirmation)
def create_and_notify() -> Response:
    """Order an app's auth for several locks, and answer by webhooks."""
    world, body = allow(SCOPE), read(NewAppAuths)
    if body.account_user_id is None:
        raise bad_value(None, "accountUserId")
    request_id = world.ids.uuid("nuki.request")
    locks = _devices(world, body.smartlock_ids)
    if not quirk(world, "subscribed"):
        lacking = [lock.smartlock_id for lock in locks]
        return shown(unsubscribed(request_id, lacking))
    _accept(world, _new(world, locks, body, request_id))
    return shown(Confirmation(request_id=request_id))


def _shown(world: World, locks: Iterable[Device]) -> Iterator[AuthShape]:
    types, user = numbers("types"), number("accountUserId")
    for lock in locks:
        for row in responses.listed(world, lock):
            if types is not None and row.type not in types:
                continue
            if _belongs(row, user):
                yield responses.auth(world, lock, row)


def _belongs(row: Auth, user: int | None) -> bool:
    """Whether a row is of that user; a negative number stands for no user."""
    if user is None:
        return True
    return row.settings.account_user == (None if user < 0 else user)


def _link(page: int, size: int, pages: int) -> str | None:
    if not 0 <= page < pages:
        return None
    kept = request.args.to_dict() | {"page": str(page), "size": str(size)}
    return f"{PAGE}?" + "&".join(f"{name}={value}" for name, value in kept.items())


def _devices(world: World, ids: list[int] | None) -> list[Device]:
    if not ids:
        raise bad_value(ids, "smartlockIds")
    return [device(world, each) for each in dict.fromkeys(ids)]


def _row(world: World, auth_id: str | None) -> tuple[Device, Auth]:
    for lock in state_of(world).devices.values():
        if auth_id in lock.auths:
            return lock, lock.auths[auth_id]
    raise bad_value(auth_id, "id")


def _new(
    world: World,
    locks: Iterable[Device],
    body: AuthRequest,
    request_id: str | None = None,
) -> Iterator[Order]:
    for lock in locks:
        case = Case(world, lock, body)
        settings = validation.settings(case)
        yield Order(lock, "create", None, settings, case.type, request_id)


def _deleted(world: World, auth_id: str) -> Order:
    lock, row = _row(world, auth_id)
    return Order(lock, "delete", row)


def _changed(world: World, lock: Device, row: Auth, body: AuthChange) -> Order:
    return Order(lock, "update", row, validation.settings(Case(world, lock, body, row)))


def _accept(world: World, good: Iterable[Order]) -> Response:
    if quirk(world, "bulk-all-or-none"):
        good = list(good)
        for order in good:
            delivery.check_free(world, order)
    for order in good:
        note(delivery.accept(world, order).id)
    return accepted()
