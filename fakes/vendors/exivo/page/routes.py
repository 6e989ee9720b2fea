"""The routes of the page: front, login, accesses, a door's button.

Law: the window, the revocation and the session are looked at in every single request.
A browser gets pages and is sent on after each button, so that nothing is pressed twice;
a program gets statuses and JSON. Nothing of it is kept by anybody on the way.
"""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from flask import make_response
from flask import redirect
from flask import render_template
from flask import request
from flask import url_for

from fakes.kit.call import answer
from fakes.kit.call import current_world
from fakes.kit.call import note
from fakes.vendors.exivo import events
from fakes.vendors.exivo import shapes
from fakes.vendors.exivo import visitors
from fakes.vendors.exivo.page import screens
from fakes.vendors.exivo.page import words
from fakes.vendors.exivo.page.screens import GONE
from fakes.vendors.exivo.page.screens import REFUSALS
from fakes.vendors.exivo.page.screens import Screen
from fakes.vendors.exivo.state import state_of

if TYPE_CHECKING:
    from flask import Blueprint
    from werkzeug import Response

    from fakes.kit.world import World
    from fakes.vendors.exivo.state import Visit

COOKIE = "exivo-visit"
HERE = Path(__file__).parent
KINDS = {"visit.css": "text/css", "visit.js": "text/javascript"}
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",  # the link is half of a key
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def front(token: str) -> Response:
    """Show the field for the PIN, or why there is none."""
    world, visit = _called(token)
    shut = screens.locked_or_gone(world, visit)
    if shut is not None:
        return _show(shut, world, visit)
    if _logged_in(world, visit):
        return redirect(url_for(".accesses", token=token), 303)
    return _show(screens.login(world))


def log_in(token: str) -> Response:
    """Take the PIN."""
    world, visit = _called(token)
    code = _typed()
    plausible = code.isascii() and code.isdigit()
    why = visitors.log_in(visit, code, world.now) if plausible else "wrong-code"
    if why is None:
        return _start_session(world, visit)
    if not _wants_page():
        return _refuse(world, visit, why)
    shut = screens.locked_or_gone(world, visit)
    if shut is not None:
        return _show(shut, world, visit)
    if not plausible:
        return _show(screens.login(world, error=words.NO_PIN), status=401)
    return _show(screens.after_wrong_pin(world, visit), status=401)


def accesses(token: str) -> Response:
    """Show the doors of the visit, within its time."""
    world, visit = _called(token)
    why = _why_not(world, visit)
    if why is not None:
        return _send_back(world, visit, why)
    if not _wants_page():
        return _as_json(world, visit)
    told = screens.notice(world, visit, request.args.get("told"))
    return _show(screens.accesses(world, visit, told))


def open_door(token: str, component_id: str) -> Response:
    """Send a door the message to open, if it may be opened now."""
    world, visit = _called(token)
    why = _why_not(world, visit)
    if why is not None:
        return _send_back(world, visit, why)
    state = state_of(world)
    component = state.components.get(component_id)
    if component is None:
        return _decline(world, visit, "other-door")
    reason = visitors.go_in(state, visit, component, world.now)
    events.tell_opening(world, component, reason, visitors.who(visit))
    if reason in REFUSALS:
        return _decline(world, visit, reason)
    if not _wants_page():
        return answer(204)
    return redirect(url_for(".accesses", token=token, told=component_id), 303)


def asset(name: str, **_ids: str) -> Response:
    """Give the page its style and its script, whatever the link is worth."""
    text = (HERE / name).read_text(encoding="utf-8")
    return _covered(make_response(text, {"Content-Type": KINDS[name]}))


def without_world() -> Response:
    """Show that a link leads nowhere; the style of that page is there all the same."""
    name = request.path.rpartition("/")[2]
    return asset(name) if name in KINDS else _show(screens.UNKNOWN)


def add_pages(blueprint: Blueprint) -> None:
    """Add the page's paths to the vendor's own."""
    root = f"{shapes.PAGE}/<token>"
    rules = (
        ("", front, "GET"),
        ("/login", log_in, "POST"),
        ("/accesses", accesses, "GET"),
        ("/components/<component_id>/open", open_door, "POST"),
        (f"/<any({','.join(map(repr, KINDS))}):name>", asset, "GET"),
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


def _why_not(world: World, visit: Visit) -> str | None:
    """Return why somebody gets no further than the front, if so."""
    why = visitors.ended(visit, world.now)
    return why or (None if _logged_in(world, visit) else "no-session")


def _wants_page() -> bool:
    kinds = ("application/json", "text/html")
    return request.accept_mimetypes.best_match(kinds) == "text/html"


def _start_session(world: World, visit: Visit) -> Response:
    answered = redirect(url_for(".accesses", token=visit.token), 303)
    answered.set_cookie(
        COOKIE,
        visitors.start_session(world, visit),
        path=url_for(".front", token=visit.token),
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )
    return _covered(answered)


def _send_back(world: World, visit: Visit, why: str) -> Response:
    if _wants_page() and why not in GONE:
        return _covered(redirect(url_for(".front", token=visit.token), 303))
    return _decline(world, visit, why)


def _decline(world: World, visit: Visit, why: str) -> Response:
    """Say why a door was not opened, on the page or to a program."""
    if not _wants_page():
        return _refuse(world, visit, why)
    shut = screens.locked_or_gone(world, visit) if why in GONE else None
    said = words.OTHER_DOOR if why == "other-door" else ""
    screen = shut or screens.accesses(world, visit, said)
    return _show(screen, world, visit, status=REFUSALS[why][0])


def _refuse(world: World, visit: Visit, why: str) -> Response:
    status, word = REFUSALS[why]
    return _covered(
        answer(status, {"reason": word}, _retry_after(world, visit, status))
    )


def _as_json(world: World, visit: Visit) -> Response:
    early = world.now < visit.valid_from
    state = state_of(world)
    doors = [
        {"id": each, "name": state.components[each].identifier}
        for each in visit.components
    ]
    shown = {
        "name": visit.name,
        "validFrom": shapes.moment(visit.valid_from),
        "validTo": shapes.moment(visit.valid_to),
        "state": "notYetValid" if early else "active",
        "doors": [] if early else doors,
    }
    return _covered(answer(200, shown))


def _show(
    screen: Screen,
    world: World | None = None,
    visit: Visit | None = None,
    *,
    status: int | None = None,
) -> Response:
    status = status or REFUSALS.get(screen.kind, (200, ""))[0]
    token = request.path.split(f"{shapes.PAGE}/", 1)[1].split("/")[0]
    text = render_template("exivo/visit.html", screen=screen, token=token)
    answered = make_response(text, status)
    if world is not None and visit is not None:
        answered.headers.update(_retry_after(world, visit, status))
    return _covered(answered)


def _retry_after(world: World, visit: Visit, status: int) -> dict[str, str]:
    until = visit.lockout.until
    if status != HTTPStatus.TOO_MANY_REQUESTS or until is None:
        return {}
    return {"Retry-After": str(max(1, int((until - world.now).total_seconds())))}


def _covered(answered: Response) -> Response:
    answered.headers.update(HEADERS)
    return answered
