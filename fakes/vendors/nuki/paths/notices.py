"""Push targets of the older kind: kept and shown; nothing is sent to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from fakes.vendors.nuki.contract.people import NoticeSetting, NoticeShape
from fakes.vendors.nuki.errors import bad_value
from fakes.vendors.nuki.paths.base import accepted, found, listed, routes, shown
from fakes.vendors.nuki.people import Notice
from fakes.vendors.nuki.schemas import NoticeRequest
from fakes.vendors.nuki.state import object_id, state_of
from fakes.vendors.nuki.tokens import allow
from fakes.vendors.nuki.wire import read

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
        if reference in {None, each.requested.get("reference_id")}
    )


@routes.put("/notification")
def add_notice() -> Response:
    """Register a target."""
    world = allow(SCOPE)
    notice = Notice(object_id(world), _body())
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
    notice.requested = _body()
    return shown(_notice(notice))


@routes.delete("/notification/<notice_id>")
def remove_notice(notice_id: str) -> Response:
    """Forget a target."""
    world = allow(SCOPE)
    del state_of(world).notices[_find(world, notice_id).notice_id]
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
    return body.model_dump(exclude=OWN)


def _find(world: World, notice_id: str) -> Notice:
    return found(state_of(world).notices.get(notice_id), "notification")


def _notice(notice: Notice) -> NoticeShape:
    body = dict(notice.requested)
    settings = [NoticeSetting(**each) for each in body.pop("settings")]
    language = body.pop("language") or "en"
    return NoticeShape(
        notification_id=notice.notice_id,
        language=language,
        status=ACTIVE,
        settings=settings,
        **body,
    )
