"""How the page answers: to a browser with a screen, to a program with a word.

Invariants: nothing of it is kept by anybody on the way, and no other page may frame it
or learn its address, which is half of a key.
"""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from flask import make_response, redirect, render_template, request, url_for

from fakes.kit.call import answer
from fakes.vendors.exivo.page.screens import REFUSALS, UNKNOWN
from fakes.vendors.exivo.shapes import PAGE

if TYPE_CHECKING:
    from typing import Any

    from werkzeug import Response

    from fakes.kit.world import World
    from fakes.vendors.exivo.page.screens import Screen
    from fakes.vendors.exivo.state import Visit

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
