"""Locks: listed, shown, told to act, to sync, set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.kit.call import note
from fakes.vendors.nuki import commands, push, shapes, sync
from fakes.vendors.nuki.contract.locks import (
    AdvancedConfig,
    Confirmation,
    LockConfig,
    WebConfig,
)
from fakes.vendors.nuki.errors import bad_value
from fakes.vendors.nuki.paths.base import accepted, device, listed, routes, shown
from fakes.vendors.nuki.schemas import Action, AdminPin, LockChange
from fakes.vendors.nuki.state import quirk, state_of
from fakes.vendors.nuki.tokens import allow
from fakes.vendors.nuki.wire import number, read, read_part

if TYPE_CHECKING:
    from werkzeug import Response

    from fakes.kit.world import World

ADMIN_PINS = range(10_000)
SIMPLE = {"lock": commands.LOCK, "unlock": commands.UNLOCK}


@routes.get("/smartlock")
def list_locks() -> Response:
    """List the locks of the account, of one type if one is named."""
    world = allow("smartlock", "smartlock.readOnly")
    wanted, own = number("type"), number("authId")
    hidden = quirk(world, "bluetooth-only-lock") == "unlisted"
    return listed(
        shapes.lock(world, each)
        for each in state_of(world).devices.values()
        if wanted in {None, each.type} and own in {None, each.auth_number}
        if not (each.bluetooth_only and hidden)
    )


@routes.get("/smartlock/<int:smartlock_id>")
def show_lock(smartlock_id: int) -> Response:
    """Show one lock."""
    world = allow("smartlock", "smartlock.readOnly")
    return shown(shapes.lock(world, device(world, smartlock_id)))


@routes.post("/smartlock/<int:smartlock_id>")
def change_lock(smartlock_id: int) -> Response:
    """Rename a lock, or mark it as a favourite; no lock hears of it."""
    world = allow("smartlock")
    lock, body = device(world, smartlock_id), read(LockChange)
    lock.name = body.name or lock.name
    lock.favorite = lock.favorite if body.favorite is None else body.favorite
    lock.updated_at = world.now
    push.tell_master_data(world, lock)
    return accepted()


@routes.delete("/smartlock/<int:smartlock_id>")
def remove_lock(smartlock_id: int) -> Response:
    """Take a lock off the account; what it has stored goes on opening."""
    world = allow("smartlock")
    lock = device(world, smartlock_id)
    push.tell_master_data(world, lock, deleted=True)
    del state_of(world).devices[smartlock_id]
    return accepted()


@routes.post("/smartlock/<int:smartlock_id>/action")
def act(smartlock_id: int) -> Response:
    """Let a lock do something."""
    world = allow("smartlock.action")
    commands.act(world, device(world, smartlock_id), read(Action).action)
    return accepted()


@routes.post("/smartlock/<int:smartlock_id>/action/<any(lock,unlock):deed>")
def act_simply(smartlock_id: int, deed: str) -> Response:
    """Lock or unlock."""
    world = allow("smartlock.action")
    commands.act(world, device(world, smartlock_id), SIMPLE[deed])
    return accepted()


@routes.post("/smartlock/<int:smartlock_id>/action/advanced")
def act_and_tell(smartlock_id: int) -> Response:
    """Let a lock do something, and answer by a webhook."""
    world = allow("smartlock.action")
    return _asked(world, smartlock_id, read(Action).action)


@routes.post("/smartlock/<int:smartlock_id>/action/<any(lock,unlock):deed>/advanced")
def act_simply_and_tell(smartlock_id: int, deed: str) -> Response:
    """Lock or unlock, and answer by a webhook."""
    world = allow("smartlock.action")
    return _asked(world, smartlock_id, SIMPLE[deed])


@routes.post("/smartlock/<int:smartlock_id>/sync")
def update_now(smartlock_id: int) -> Response:
    """Let the server look at the lock soon."""
    world = allow("smartlock.action")
    sync.ask(world, device(world, smartlock_id))
    return accepted()


@routes.post("/smartlock/<int:smartlock_id>/config")
def configure(smartlock_id: int) -> Response:
    """Set a lock: its name, its zone and the like."""
    world = allow("smartlock.config")
    lock = device(world, smartlock_id)
    now = shapes.config(world, lock).wire()
    commands.configure(world, lock, "config", read_part(LockConfig, now))
    return accepted()


@routes.post("/smartlock/<int:smartlock_id>/advanced/config")
def configure_motor(smartlock_id: int) -> Response:
    """Set a lock's motor and battery."""
    world = allow("smartlock.config")
    lock = device(world, smartlock_id)
    fields = read_part(AdvancedConfig, lock.advanced_config)
    commands.configure(world, lock, "advanced_config", fields)
    return accepted()


@routes.post("/smartlock/<int:smartlock_id>/web/config")
def configure_web(smartlock_id: int) -> Response:
    """Set what the server alone keeps; null leaves it as it is."""
    world = allow("smartlock.config")
    lock = device(world, smartlock_id)
    fields = read_part(WebConfig, lock.web_config)
    lock.web_config |= {n: each for n, each in fields.items() if each is not None}
    return accepted()


@routes.post("/smartlock/<int:smartlock_id>/admin/pin")
def set_admin_pin(smartlock_id: int) -> Response:
    """Tell the server the PIN that guards a lock's settings."""
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
    commands.act(world, lock, action, request_id=request_id)
    return shown(Confirmation(request_id=request_id))


def unsubscribed(request_id: str, smartlock_ids: list[int]) -> Confirmation:
    """Return the answer for locks that lack the subscription."""
    locks = ", ".join(map(str, smartlock_ids))
    error = f"These smartlocks need a subscription: {locks}"
    return Confirmation(request_id=request_id, error=error)
