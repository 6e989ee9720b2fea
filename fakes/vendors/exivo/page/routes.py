"""The routes of the page: front, login, accesses, a door's button.

Invariants: the window, the revocation and the session are looked at in every single
request. A browser is sent on after each button, so that nothing is pressed twice by a
reload; a program gets statuses and JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request, url_for

from fakes.kit.call import answer, current_world, note
from fakes.vendors.exivo import events, shapes, visitors
from fakes.vendors.exivo.page import replies, screens, words
from fakes.vendors.exivo.page.screens import GONE, REFUSALS
from fakes.vendors.exivo.state import state_of

if TYPE_CHECKING:
    from flask import Blueprint
    from werkzeug import Response

    from fakes.kit.world import World
    from fakes.vendors.exivo.state import Visit

COOKIE = "exivo-visit"


def front(token: str) -> Response:
    """Show the field for the PIN, or why there is none."""
    world, visit = _called(token)
    shut = screens.locked_or_gone(world, visit)
    if shut is not None:
        return replies.screen(shut, wait=replies.wait_for(world, visit))
    if _logged_in(world, visit):
        return replies.send_on("accesses", token=token)
    return replies.screen(screens.login(world))


def log_in(token: str) -> Response:
    """Take the PIN."""
    world, visit = _called(token)
    code = _typed()
    plausible = code.isascii() and code.isdigit()
    reason = visitors.log_in(visit, code, world.now) if plausible else "wrong-code"
    if reason is None:
        return _start_session(world, visit)
    wait = replies.wait_for(world, visit)
    if not replies.wants_page():
        return replies.word(reason, wait)
    shut = screens.locked_or_gone(world, visit)
    if shut is not None:
        return replies.screen(shut, wait=wait)
    again = screens.after_wrong_pin(world, visit)
    if not plausible:
        again = screens.login(world, error=words.NO_PIN)
    return replies.screen(again, REFUSALS[reason][0])


def accesses(token: str) -> Response:
    """Show the doors of the visit, within its time."""
    world, visit = _called(token)
    reason = _refusal(world, visit)
    if reason is not None:
        return _send_back(world, visit, reason)
    if not replies.wants_page():
        return replies.data(_as_json(world, visit))
    told = screens.notice(world, visit, request.args.get("told"))
    return replies.screen(screens.accesses(world, visit, told))


def open_door(token: str, component_id: str) -> Response:
    """Send a door the message to open, if it may be opened now."""
    world, visit = _called(token)
    reason = _refusal(world, visit)
    if reason is not None:
        return _send_back(world, visit, reason)
    state = state_of(world)
    component = state.components.get(component_id)
    if component is None:
        return _decline(world, visit, "other-door")
    reason = visitors.go_in(state, visit, component, world.now)
    events.tell_opening(world, component, reason, visitors.who(visit))
    if reason in REFUSALS:
        return _decline(world, visit, reason)
    if not replies.wants_page():
        return answer(204)
    return replies.send_on("accesses", token=token, told=component_id)


def add_pages(blueprint: Blueprint) -> None:
    """Add the page's paths to the vendor's own."""
    root = f"{shapes.PAGE}/<token>"
    rules = (
        ("", front, "GET"),
        ("/login", log_in, "POST"),
        ("/accesses", accesses, "GET"),
        ("/components/<component_id>/open", open_door, "POST"),
        (f"/<any({','.join(map(repr, replies.KINDS))}):name>", replies.asset, "GET"),
    )
    for rule, view, method in rules:
        blueprint.add_url_rule(root + rule, view_func=view, methods=[method])


def _called(token: str) -> tuple[World, Visit]:
    """Return the world and the visit that the link's token led to."""
    world = current_world()
    state = state_of(world)
    visit = state.visits[state.tokens[token]]
    note(visit.id)
    return world, visit


def _typed() -> str:
    if request.is_json:
        body = request.get_json(silent=True)
        code = body.get("code") if isinstance(body, dict) else None
        return code if isinstance(code, str) else ""
    return request.form.get("code", "").strip()


def _logged_in(world: World, visit: Visit) -> bool:
    return visitors.in_session(visit, request.cookies.get(COOKIE), world.now)


def _refusal(world: World, visit: Visit) -> str | None:
    """Return why somebody gets no further than the front, if so."""
    reason = visitors.ended(visit, world.now)
    return reason or (None if _logged_in(world, visit) else "no-session")


def _start_session(world: World, visit: Visit) -> Response:
    answered = replies.send_on("accesses", token=visit.token)
    answered.set_cookie(
        COOKIE,
        visitors.start_session(world, visit),
        path=url_for(".front", token=visit.token),
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )
    return answered


def _send_back(world: World, visit: Visit, reason: str) -> Response:
    if replies.wants_page() and reason not in GONE:
        return replies.send_on("front", token=visit.token)
    return _decline(world, visit, reason)


def _decline(world: World, visit: Visit, reason: str) -> Response:
    """Say why a door was not opened, on the page or to a program."""
    if not replies.wants_page():
        return replies.word(reason)
    shut = screens.locked_or_gone(world, visit) if reason in GONE else None
    told = words.OTHER_DOOR if reason == "other-door" else ""
    shown = shut or screens.accesses(world, visit, told)
    return replies.screen(shown, REFUSALS[reason][0])


def _as_json(world: World, visit: Visit) -> dict[str, object]:
    early = world.now < visit.valid_from
    components = state_of(world).components
    doors = [
        {"id": each, "name": components[each].identifier} for each in visit.components
    ]
    return {
        "name": visit.name,
        "validFrom": shapes.moment(visit.valid_from),
        "validTo": shapes.moment(visit.valid_to),
        "state": "notYetValid" if early else "active",
        "doors": [] if early else doors,
    }
