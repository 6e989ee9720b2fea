"""Push targets of the older kind: kept and shown; nothing is sent to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from fakes.vendors.nuki.contract.people import NoticeSetting, NoticeShape
from fakes.vendors.nuki.errors import bad_value
from fakes.vendors.nuki.paths.base import accepted, found, listed, routes, shown
from fakes.vendors.nuki.people import Notice
from fakes.vendors.nuki.state import object_id, state_of
from fakes.vendors.nuki.tokens import allow
from fakes.vendors.nuki.wire import read
from fakes.vendors.nuki.wishes import NoticeWish

if TYPE_CHECKING:
    from werkzeug import Response

    from fakes.kit.world import World

SCOPE = "smartlock.log"
ANDROID, IOS, WEBHOOK = 0, 1, 2
ACTIVE = 1
OWN = {"notification_id", "status", "last_active_date"}  # not the client's to set


@routes.get("/notification")
def list_notices() -> Response:
    """List the targets, of one reference if it is named."""
    world, reference = allow(SCOPE), request.args.get("referenceId")
    return listed(
        _notice(each)
        for each in state_of(world).notices.values()
        if reference in {None, each.wish.get("reference_id")}
    )


@routes.put("/notification")
def add_notice() -> Response:
    """Register a target."""
    world = allow(SCOPE)
    notice = Notice(object_id(world), _wish())
    state_of(world).notices[notice.notice_id] = notice
    return shown(_notice(notice))


@routes.get("/notification/<notice_id>")
def show_notice(notice_id: str) -> Response:
    """Show a target."""
    return shown(_notice(_find(allow(SCOPE), notice_id)))


@routes.post("/notification/<notice_id>")
def change_notice(notice_id: str) -> Response:
    """Replace a target."""
    notice = _find(allow(SCOPE), notice_id)
    notice.wish = _wish()
    return shown(_notice(notice))


@routes.delete("/notification/<notice_id>")
def remove_notice(notice_id: str) -> Response:
    """Forget a target."""
    world = allow(SCOPE)
    del state_of(world).notices[_find(world, notice_id).notice_id]
    return accepted()


def _wish() -> dict[str, object]:
    wish = read(NoticeWish)
    if wish.os not in {ANDROID, IOS, WEBHOOK}:
        raise bad_value(wish.os, "os")
    if not wish.push_id:
        raise bad_value(wish.push_id, "pushId")
    if wish.settings is None or any(
        each.trigger_events is None for each in wish.settings
    ):
        raise bad_value(None, "settings")
    return wish.model_dump(exclude=OWN)


def _find(world: World, notice_id: str) -> Notice:
    return found(state_of(world).notices.get(notice_id), "notification")


def _notice(notice: Notice) -> NoticeShape:
    wish = dict(notice.wish)
    settings = [NoticeSetting(**each) for each in wish.pop("settings")]
    language = wish.pop("language") or "en"
    return NoticeShape(
        notification_id=notice.notice_id,
        language=language,
        status=ACTIVE,
        settings=settings,
        **wish,
    )
