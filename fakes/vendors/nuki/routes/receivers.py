"""Who is told of events: receivers of webhooks, advanced keys, older push targets.

Invariants: a secret is shown once, when its receiver is made. Push targets of the older
kind are stored and shown, and nothing is sent to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from fakes.kit.answers import answers, takes
from fakes.kit.ids import derive
from fakes.vendors.nuki import webhooks
from fakes.vendors.nuki.auth import allow
from fakes.vendors.nuki.errors import bad_value
from fakes.vendors.nuki.routes.base import accepted, found, key, listed, routes, shown
from fakes.vendors.nuki.schemas.people import (
    AdvancedShape,
    HookLogMessage,
    HookLogShape,
    HookShape,
    NoticeSetting,
    NoticeShape,
)
from fakes.vendors.nuki.schemas.requests import (
    Application,
    NoticeRequest,
    WebhookRequest,
    number,
    read,
)
from fakes.vendors.nuki.state import (
    Advanced,
    Hook,
    Key,
    Notice,
    credential,
    integer,
    object_id,
    state_of,
)

if TYPE_CHECKING:
    from werkzeug import Response

    from fakes.kit.webhooks import Delivery
    from fakes.kit.world import World


HOOK_SCOPE = "webhook.decentral"
LOG_KEPT = 300
LOG_ROWS = 50
MOST_LOG_ROWS = 100
KEY_SCOPE = "account"
APPLICATION_TYPES = ("ONLY_SECRET", "SHORT_RENTAL", "HEALTHCARE", "SMART_HOME", "OTHER")
APPLICATION_FIELDS = ("name", "country", "description", "url", "email")
NOTICE_SCOPE = "smartlock.log"
ANDROID, IOS, WEBHOOK = 0, 1, 2
NOTICE_ACTIVE = 1
# Set by the server, never by a client
NOTICE_OWN_FIELDS = {"notification_id", "status", "last_active_date"}


@routes.get("/api/decentralWebhook")
@answers(list[HookShape])
def list_hooks() -> Response:
    """List the receivers; no secret is shown again."""
    state = state_of(allow(HOOK_SCOPE))
    return listed(_hook(hook, None) for hook in state.hooks.values())


@routes.put("/api/decentralWebhook")
@answers(HookShape)
def add_hook() -> Response:
    """Register a receiver, and show its secret this once."""
    world, body = allow(HOOK_SCOPE), read(WebhookRequest)
    hook = Hook(
        hook_id=integer(world, "hook"),
        secret=world.ids.hex("nuki.hook-secret", 40),
        url=webhooks.checked_url(body.webhook_url),
        features=webhooks.checked_features(body.webhook_features),
    )
    state_of(world).hooks[hook.hook_id] = hook
    return shown(_hook(hook, hook.secret))


@routes.delete("/api/decentralWebhook/<int:hook_id>")
@answers(None)
def remove_hook(hook_id: int) -> Response:
    """Forget a receiver."""
    hooks = state_of(allow(HOOK_SCOPE)).hooks
    found(hooks.pop(hook_id, None), "webhook")
    return accepted()


@routes.get("/api/key/<int:key_id>/webhook/logs")
@answers(list[HookLogShape])
def list_sent(key_id: int) -> Response:
    """List what was sent to a key's receiver, newest first."""
    world = allow("account")
    owner, limit = key(world, key_id), number("limit")
    limit = LOG_ROWS if limit is None else limit
    if not 1 <= limit <= MOST_LOG_ROWS:
        raise bad_value(limit, "limit")
    rows = [_sent(world, owner, each) for each in webhooks.logged(world, owner)]
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


@routes.get("/api/key/<int:key_id>/advanced")
@answers(AdvancedShape)
def show_advanced(key_id: int) -> Response:
    """Show what makes a key an advanced one."""
    world = allow(KEY_SCOPE)
    owner = key(world, key_id)
    return shown(_advanced(world, owner, _advanced_of(owner)))


@routes.put("/api/key/<int:key_id>/advanced")
@answers(None)
def apply_for_advanced(key_id: int) -> Response:
    """Make a key an advanced one; no approval is needed here."""
    world, body = allow(KEY_SCOPE), read(Application)
    owner = key(world, key_id)
    facts = {word: getattr(body, word) for word in APPLICATION_FIELDS}
    for word, fact in facts.items():
        if not fact:
            raise bad_value(fact, word)
    if body.type not in APPLICATION_TYPES:
        raise bad_value(body.type, "type")
    owner.advanced = Advanced(
        facts={**facts, "type": body.type, "restricted": bool(body.restricted)},
        secret=credential(world, "client-secret", 60),
        webhook_url=webhooks.checked_url(body.webhook_url),
        features=webhooks.checked_features(body.webhook_features),
        created_at=world.now,
        updated_at=world.now,
        active_since=world.now,
    )
    return accepted()


@routes.post("/api/key/<int:key_id>/advanced")
@answers(None)
def change_advanced(key_id: int) -> Response:
    """Change the receiver of an advanced key."""
    world, body = allow(KEY_SCOPE), read(Application)
    advanced = _advanced_of(key(world, key_id))
    advanced.webhook_url = webhooks.checked_url(body.webhook_url)
    advanced.features = webhooks.checked_features(body.webhook_features)
    advanced.updated_at = world.now
    return accepted()


@routes.delete("/api/key/<int:key_id>/advanced")
@answers(None)
def end_advanced(key_id: int) -> Response:
    """Make an advanced key a plain one again."""
    owner = key(allow(KEY_SCOPE), key_id)
    _advanced_of(owner)
    owner.advanced = None
    return accepted()


@routes.post("/api/key/<int:key_id>/advanced/reactivate")
@answers(None)
def reactivate(key_id: int) -> Response:
    """Send to the receiver again, whatever failed before."""
    world = allow(KEY_SCOPE)
    _advanced_of(key(world, key_id)).active_since = world.now
    return accepted()


def _advanced_of(owner: Key) -> Advanced:
    return found(owner.advanced, "advanced API key")


def _advanced(world: World, owner: Key, advanced: Advanced) -> AdvancedShape:
    return AdvancedShape(
        **advanced.facts,
        webhook_status="ACTIVE" if webhooks.is_active(world, owner) else "DEACTIVATED",
        webhook_url=advanced.webhook_url,
        webhook_features=list(advanced.features),
        secret=advanced.secret,
        status="ACTIVE",
        creation_date=advanced.created_at,
        update_date=advanced.updated_at,
    )


@routes.get("/notification")
@answers(list[NoticeShape])
def list_notices() -> Response:
    """List the targets, of one reference if it is named."""
    world, reference = allow(NOTICE_SCOPE), request.args.get("referenceId")
    return listed(
        _notice(each)
        for each in state_of(world).notices.values()
        if reference in {None, each.requested.get("reference_id")}
    )


@routes.put("/notification")
@takes(NoticeRequest)
@answers(NoticeShape)
def add_notice() -> Response:
    """Register a target."""
    world = allow(NOTICE_SCOPE)
    notice = Notice(object_id(world), _body())
    state_of(world).notices[notice.notice_id] = notice
    return shown(_notice(notice))


@routes.get("/notification/<notice_id>")
@answers(NoticeShape)
def show_notice(notice_id: str) -> Response:
    """Show a target."""
    return shown(_notice(_find_notice(allow(NOTICE_SCOPE), notice_id)))


@routes.post("/notification/<notice_id>")
@takes(NoticeRequest)
@answers(NoticeShape)
def change_notice(notice_id: str) -> Response:
    """Replace a target."""
    notice = _find_notice(allow(NOTICE_SCOPE), notice_id)
    notice.requested = _body()
    return shown(_notice(notice))


@routes.delete("/notification/<notice_id>")
@answers(None)
def remove_notice(notice_id: str) -> Response:
    """Forget a target."""
    world = allow(NOTICE_SCOPE)
    del state_of(world).notices[_find_notice(world, notice_id).notice_id]
    return accepted()


def _body() -> dict[str, object]:
    body = read(NoticeRequest)
    if body.os not in {ANDROID, IOS, WEBHOOK}:
        raise bad_value(body.os, "os")
    if not body.push_id:
        raise bad_value(body.push_id, "pushId")
    if body.settings is None or any(
        each.trigger_events is None for each in body.settings
    ):
        raise bad_value(None, "settings")
    return body.model_dump(exclude=NOTICE_OWN_FIELDS)


def _find_notice(world: World, notice_id: str) -> Notice:
    return found(state_of(world).notices.get(notice_id), "notification")


def _notice(notice: Notice) -> NoticeShape:
    body = dict(notice.requested)
    settings = [NoticeSetting(**each) for each in body.pop("settings")]
    language = body.pop("language") or "en"
    return NoticeShape(
        notification_id=notice.notice_id,
        language=language,
        status=NOTICE_ACTIVE,
        settings=settings,
        **body,
    )
