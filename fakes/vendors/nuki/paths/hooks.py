"""Receivers of webhooks: those of the account's own, and the log of a key's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from fakes.kit.ids import derive
from fakes.vendors.nuki import push
from fakes.vendors.nuki.contract.people import HookLogMessage, HookLogShape, HookShape
from fakes.vendors.nuki.errors import bad_value
from fakes.vendors.nuki.paths.base import accepted, found, key, listed, routes, shown
from fakes.vendors.nuki.people import Hook, Key
from fakes.vendors.nuki.schemas import WebhookRequest
from fakes.vendors.nuki.state import integer, state_of
from fakes.vendors.nuki.tokens import allow
from fakes.vendors.nuki.wire import number, read

if TYPE_CHECKING:
    from werkzeug import Response

    from fakes.kit.push import Delivery
    from fakes.kit.world import World

SCOPE = "webhook.decentral"
LOG_KEPT = 300
LOG_ROWS = 50
MOST_LOG_ROWS = 100


@routes.get("/api/decentralWebhook")
def list_hooks() -> Response:
    """List the receivers; no secret is shown again."""
    state = state_of(allow(SCOPE))
    return listed(_hook(hook, None) for hook in state.hooks.values())


@routes.put("/api/decentralWebhook")
def add_hook() -> Response:
    """Register a receiver, and show its secret this once."""
    world, body = allow(SCOPE), read(WebhookRequest)
    hook = Hook(
        hook_id=integer(world, "hook"),
        secret=world.ids.hex("nuki.hook-secret", 40),
        url=push.checked_url(body.webhook_url),
        features=push.checked_features(body.webhook_features),
    )
    state_of(world).hooks[hook.hook_id] = hook
    return shown(_hook(hook, hook.secret))


@routes.delete("/api/decentralWebhook/<int:hook_id>")
def remove_hook(hook_id: int) -> Response:
    """Forget a receiver."""
    hooks = state_of(allow(SCOPE)).hooks
    found(hooks.pop(hook_id, None), "webhook")
    return accepted()


@routes.get("/api/key/<int:key_id>/webhook/logs")
def list_sent(key_id: int) -> Response:
    """List what was sent to a key's receiver, newest first."""
    world = allow("account")
    owner, limit = key(world, key_id), number("limit")
    limit = LOG_ROWS if limit is None else limit
    if not 1 <= limit <= MOST_LOG_ROWS:
        raise bad_value(limit, "limit")
    rows = [_sent(world, owner, each) for each in push.logged(world, owner)]
    newest_first = rows[: -LOG_KEPT - 1 : -1]
    before = request.args.get("id")
    ids = [row.id for row in newest_first]
    start = ids.index(before) + 1 if before in ids else 0
    return listed(newest_first[start:][:limit])


def _hook(hook: Hook, secret: str | None) -> HookShape:
    return HookShape(
        id=hook.hook_id,
        secret=secret,
        webhook_url=hook.url,
        webhook_features=list(hook.features),
    )


def _sent(world: World, owner: Key, delivery: Delivery) -> HookLogShape:
    last = delivery.attempts[-1]
    return HookLogShape(
        id=derive(world.ids.seed, delivery.id).hex()[:24],
        succeeded=delivery.arrived,
        response_status=last.status or 0,
        duration=0,
        account_id=state_of(world).account.account_id,
        api_key_id=owner.key_id,
        response=HookLogMessage(headers={}, path=delivery.url, timestamp=last.at),
        created=delivery.created_at,
        updated=last.at,
    )
