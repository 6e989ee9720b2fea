"""Locks: listed, shown, set and told to act; and their log.

Invariants: the log is newest first, at most 50 rows a call; `id` leads to older rows.
"""

from __future__ import annotations

from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING

from flask import request

from fakes.kit.answers import answers, takes
from fakes.kit.dispatch import note
from fakes.vendors.nuki import delivery, device_events, webhooks
from fakes.vendors.nuki.auth import allow
from fakes.vendors.nuki.errors import bad_value
from fakes.vendors.nuki.routes.base import accepted, device, listed, routes, shown
from fakes.vendors.nuki.schemas import responses
from fakes.vendors.nuki.schemas.requests import (
    Action,
    AdminPin,
    LockChange,
    date,
    number,
    part_of,
    read,
    read_part,
)
from fakes.vendors.nuki.schemas.responses import (
    AdvancedConfig,
    Confirmation,
    LockConfig,
    WebConfig,
)
from fakes.vendors.nuki.state import Device, LogRow, quirk, state_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from werkzeug import Response

    from fakes.kit.world import World


ADMIN_PINS = range(10_000)
SIMPLE = {"lock": delivery.LOCK, "unlock": delivery.UNLOCK}
LOG_SCOPE = "smartlock.log"
USUAL_ROWS = 20
MOST_ROWS = 50  # more than that is silently cut


@routes.get("/smartlock")
@answers(list[responses.LockShape])
def list_locks() -> Response:
    """List the locks of the account, of one type if one is named."""
    world = allow("smartlock", "smartlock.readOnly")
    wanted, own = number("type"), number("authId")
    hidden = quirk(world, "bluetooth-only-lock") == "unlisted"
    return listed(
        responses.lock(world, each)
        for each in state_of(world).devices.values()
        if wanted in {None, each.type} and own in {None, each.auth_number}
        if not (each.bluetooth_only and hidden)
    )


@routes.get("/smartlock/<int:smartlock_id>")
@answers(responses.LockShape)
def show_lock(smartlock_id: int) -> Response:
    """Show one lock."""
    world = allow("smartlock", "smartlock.readOnly")
    return shown(responses.lock(world, device(world, smartlock_id)))


@routes.post("/smartlock/<int:smartlock_id>")
@answers(None)
def change_lock(smartlock_id: int) -> Response:
    """Rename a lock, or mark it as a favourite; the lock is not told."""
    world = allow("smartlock")
    lock, body = device(world, smartlock_id), read(LockChange)
    lock.name = body.name or lock.name
    lock.favorite = lock.favorite if body.favorite is None else body.favorite
    lock.updated_at = world.now
    webhooks.send_master_data(world, lock)
    return accepted()


@routes.delete("/smartlock/<int:smartlock_id>")
@answers(None)
def remove_lock(smartlock_id: int) -> Response:
    """Remove a lock from the account; its stored codes still open it."""
    world = allow("smartlock")
    lock = device(world, smartlock_id)
    webhooks.send_master_data(world, lock, deleted=True)
    del state_of(world).devices[smartlock_id]
    return accepted()


@routes.post("/smartlock/<int:smartlock_id>/action")
@answers(None)
def act(smartlock_id: int) -> Response:
    """Have a lock act."""
    world = allow("smartlock.action")
    delivery.act(world, device(world, smartlock_id), read(Action).action)
    return accepted()


@routes.post("/smartlock/<int:smartlock_id>/action/<any(lock,unlock):command>")
@answers(None)
def act_simply(smartlock_id: int, command: str) -> Response:
    """Lock or unlock."""
    world = allow("smartlock.action")
    delivery.act(world, device(world, smartlock_id), SIMPLE[command])
    return accepted()


@routes.post("/smartlock/<int:smartlock_id>/action/advanced")
@answers(Confirmation)
def act_and_notify(smartlock_id: int) -> Response:
    """Have a lock act, and answer by a webhook."""
    world = allow("smartlock.action")
    return _asked(world, smartlock_id, read(Action).action)


@routes.post("/smartlock/<int:smartlock_id>/action/<any(lock,unlock):command>/advanced")
@answers(Confirmation)
def act_simply_and_notify(smartlock_id: int, command: str) -> Response:
    """Lock or unlock, and answer by a webhook."""
    world = allow("smartlock.action")
    return _asked(world, smartlock_id, SIMPLE[command])


@routes.post("/smartlock/<int:smartlock_id>/sync")
@answers(None)
def update_now(smartlock_id: int) -> Response:
    """Have the server read the lock soon."""
    world = allow("smartlock.action")
    device_events.ask(world, device(world, smartlock_id))
    return accepted()


@routes.post("/smartlock/<int:smartlock_id>/config")
@takes(part_of(LockConfig))
@answers(None)
def configure(smartlock_id: int) -> Response:
    """Set a lock: its name, its zone and the like."""
    world = allow("smartlock.config")
    lock = device(world, smartlock_id)
    now = responses.config(world, lock).wire()
    delivery.configure(world, lock, "config", read_part(LockConfig, now))
    return accepted()


@routes.post("/smartlock/<int:smartlock_id>/advanced/config")
@takes(part_of(AdvancedConfig))
@answers(None)
def configure_motor(smartlock_id: int) -> Response:
    """Set a lock's motor and battery."""
    world = allow("smartlock.config")
    lock = device(world, smartlock_id)
    fields = read_part(AdvancedConfig, lock.advanced_config)
    delivery.configure(world, lock, "advanced_config", fields)
    return accepted()


@routes.post("/smartlock/<int:smartlock_id>/web/config")
@takes(part_of(WebConfig))
@answers(None)
def configure_web(smartlock_id: int) -> Response:
    """Set what the server alone keeps; null leaves it as it is."""
    world = allow("smartlock.config")
    lock = device(world, smartlock_id)
    fields = read_part(WebConfig, lock.web_config)
    lock.web_config |= {n: each for n, each in fields.items() if each is not None}
    return accepted()


@routes.post("/smartlock/<int:smartlock_id>/admin/pin")
@answers(None)
def set_admin_pin(smartlock_id: int) -> Response:
    """Give the server the PIN that protects a lock's settings."""
    world = allow("smartlock.config")
    lock, pin = device(world, smartlock_id), read(AdminPin).admin_pin
    if pin not in ADMIN_PINS:
        raise bad_value(pin, "adminPin")
    lock.admin_pin = pin
    return accepted()


def _asked(world: World, smartlock_id: int, action: int | None) -> Response:
    lock = device(world, smartlock_id)
    request_id = world.ids.uuid("nuki.request")
    note(request_id)
    if not quirk(world, "subscribed"):
        return shown(unsubscribed(request_id, [smartlock_id]))
    delivery.act(world, lock, action, request_id=request_id)
    return shown(Confirmation(request_id=request_id))


def unsubscribed(request_id: str, smartlock_ids: list[int]) -> Confirmation:
    """Return the answer for locks that lack the subscription."""
    locks = ", ".join(map(str, smartlock_ids))
    error = f"These smartlocks need a subscription: {locks}"
    return Confirmation(request_id=request_id, error=error)


@routes.get("/smartlock/log")
@answers(list[responses.LogShape])
def list_logs() -> Response:
    """List what happened at all locks."""
    world = allow(LOG_SCOPE)
    return _rows(state_of(world).devices.values())


@routes.get("/smartlock/<int:smartlock_id>/log")
@answers(list[responses.LogShape])
def list_log(smartlock_id: int) -> Response:
    """List what happened at one lock."""
    world = allow(LOG_SCOPE)
    return _rows([device(world, smartlock_id)])


def _rows(locks: Iterable[Device]) -> Response:
    limit = number("limit")
    limit = USUAL_ROWS if limit is None else limit
    if limit < 1:
        raise bad_value(limit, "limit")
    logs = (reversed(lock.log) for lock in locks)
    newest_first = merge(*logs, key=lambda row: row.id, reverse=True)
    wanted = filter(_filter(), newest_first)
    return listed(map(responses.log, islice(wanted, min(limit, MOST_ROWS))))


def _filter() -> Callable[[LogRow], bool]:
    """Return whether a row is one that the query asks for."""
    args, user, action = request.args, number("accountUserId"), number("action")
    first = date(args.get("fromDate"), "fromDate")
    last = date(args.get("toDate"), "toDate")
    before, auth = args.get("id"), args.get("authId")

    def wanted(row: LogRow) -> bool:
        return (
            (before is None or row.id < before)
            and (first is None or row.at >= first)
            and (last is None or row.at <= last)
            and action in {None, row.action}
            and auth in {None, row.auth_id}
            and user in {None, row.account_user}
        )

    return wanted
