"""The routes of the page: front, login, accesses, a door's button.

Invariants: every single request checks window, revocation and session. After each
button a browser is redirected, so that a reload presses nothing twice; a program gets
statuses and JSON. No cache keeps an answer, and no other page may frame the page or
learn its address, which is half of a key.
"""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from flask import make_response, redirect, render_template, request, url_for

from fakes.kit.dispatch import answer, current_world, note
from fakes.vendors.exivo import device_events, schemas, visitors
from fakes.vendors.exivo.page import screens
from fakes.vendors.exivo.page.screens import GONE, REFUSALS, UNKNOWN
from fakes.vendors.exivo.schemas import responses
from fakes.vendors.exivo.schemas.responses import PAGE
from fakes.vendors.exivo.state import state_of

if TYPE_CHECKING:
    from typing import Any

    from flask import Blueprint
    from werkzeug import Response

    from fakes.kit.world import World
    from fakes.vendors.exivo.page.screens import Screen
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
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def front(token: str) -> Response:
    """Show the field for the PIN, or why there is none."""
    world, visit = _called(token)
    shut = screens.locked_or_gone(world, visit)
    if shut is not None:
        return screen(shut, wait=wait_for(world, visit))
    if _logged_in(world, visit):
        return send_on("accesses", token=token)
    return screen(screens.login(world))


def log_in(token: str) -> Response:
    """Take the PIN."""
    world, visit = _called(token)
    code = _typed()
    plausible = code.isascii() and code.isdigit()
    reason = visitors.log_in(visit, code, world.now) if plausible else "wrong-code"
    if reason is None:
        return _start_session(world, visit)
    wait = wait_for(world, visit)
    if not wants_page():
        return word(reason, wait)
    shut = screens.locked_or_gone(world, visit)
    if shut is not None:
        return screen(shut, wait=wait)
    again = screens.after_wrong_pin(world, visit)
    if not plausible:
        again = screens.login(world, error=screens.NO_PIN)
    return screen(again, REFUSALS[reason][0])


def accesses(token: str) -> Response:
    """Show the doors of the visit, within its time."""
    world, visit = _called(token)
    reason = _refusal(world, visit)
    if reason is not None:
        return _send_back(world, visit, reason)
    if not wants_page():
        return data(_as_json(world, visit))
    notice = screens.notice(world, visit, request.args.get("notice"))
    return screen(screens.accesses(world, visit, notice))


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
    device_events.record_opening(world, component, reason, visitors.who(visit))
    if reason in REFUSALS:
        return _decline(world, visit, reason)
    if not wants_page():
        return answer(204)
    return send_on("accesses", token=token, notice=component_id)


def add_pages(blueprint: Blueprint) -> None:
    """Add the page's paths to the vendor's own."""
    root = f"{responses.PAGE}/<token>"
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


def _refusal(world: World, visit: Visit) -> str | None:
    """Return why the visitor gets no further than the front, if so."""
    reason = visitors.ended(visit, world.now)
    return reason or (None if _logged_in(world, visit) else "no-session")


def _start_session(world: World, visit: Visit) -> Response:
    answered = send_on("accesses", token=visit.token)
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
    if wants_page() and reason not in GONE:
        return send_on("front", token=visit.token)
    return _decline(world, visit, reason)


def _decline(world: World, visit: Visit, reason: str) -> Response:
    """Say why a door was not opened, on the page or to a program."""
    if not wants_page():
        return word(reason)
    shut = screens.locked_or_gone(world, visit) if reason in GONE else None
    notice = screens.OTHER_DOOR if reason == "other-door" else ""
    shown = shut or screens.accesses(world, visit, notice)
    return screen(shown, REFUSALS[reason][0])


def _as_json(world: World, visit: Visit) -> dict[str, object]:
    early = world.now < visit.valid_from
    components = state_of(world).components
    doors = [
        {"id": each, "name": components[each].identifier} for each in visit.components
    ]
    return {
        "name": visit.name,
        "validFrom": schemas.moment(visit.valid_from),
        "validTo": schemas.moment(visit.valid_to),
        "state": "notYetValid" if early else "active",
        "doors": [] if early else doors,
    }


def wants_page() -> bool:
    """Whether a browser asks; who takes anything is taken for a program."""
    kinds = ("application/json", "text/html")
    return request.accept_mimetypes.best_match(kinds) == "text/html"


def screen(
    shown: Screen, status: int | None = None, wait: str | None = None
) -> Response:
    """Return a screen, by its own status unless another is given."""
    status = status or REFUSALS.get(shown.kind, (HTTPStatus.OK, ""))[0]
    token = request.path.split(f"{PAGE}/", 1)[1].split("/")[0]
    text = render_template("exivo/visit.html", screen=shown, token=token)
    return _covered(make_response(text, status, _retry_after(wait)))


def word(refusal: str, wait: str | None = None) -> Response:
    """Return a refusal for a program."""
    status, reason = REFUSALS[refusal]
    return _covered(answer(status, {"reason": reason}, _retry_after(wait)))


def data(body: Any) -> Response:
    """Return what a program asked for."""
    return _covered(answer(HTTPStatus.OK, body))


def send_on(view: str, **values: Any) -> Response:
    """Send a browser to another of the page's addresses."""
    return _covered(redirect(url_for(f".{view}", **values), HTTPStatus.SEE_OTHER))


def asset(name: str, **_ids: str) -> Response:
    """Give the page its style and its script, whatever the link is worth."""
    text = (HERE / name).read_text(encoding="utf-8")
    return _covered(make_response(text, {"Content-Type": KINDS[name]}))


def without_world() -> Response:
    """Show that a link leads nowhere; the style of that page is there all the same."""
    name = request.path.rpartition("/")[2]
    return asset(name) if name in KINDS else screen(UNKNOWN)


def wait_for(world: World, visit: Visit) -> str | None:
    """Return in how many seconds a PIN is taken again, if none is now."""
    until = visit.lockout.until
    if until is None or not visit.lockout.holds(world.now):
        return None
    return str(max(1, int((until - world.now).total_seconds())))


def _retry_after(wait: str | None) -> dict[str, str]:
    return {} if wait is None else {"Retry-After": wait}


def _covered(answered: Response) -> Response:
    answered.headers.update(HEADERS)
    return answered
