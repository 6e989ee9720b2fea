"""The wall of doors: pages for people in front of the control interface.

Invariants: a page shows and does what `/_sim` shows and does, by its functions. A
session is needed, which a one-time link or the control token starts. A form carries the
session's own token, is answered by a redirect, and works without JavaScript. A PIN and
the control token are in no URL; no other page may frame one of these.
"""

from __future__ import annotations

import gzip
import hmac
import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import (
    Blueprint,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import HTTPException

from fakes.kit.control import all_worlds, call
from fakes.kit.json_api import Problem, refusal, show
from serving.sessions import Notice, Session, Sessions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Flask
    from werkzeug import Response

    from fakes.kit.world import World

wall = Blueprint(
    "wall",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/wall/static",
)
SESSIONS = "strikeplate.wall"
OPEN = {
    *("wall.sign_in", "wall.sign_in_by_token", "wall.static"),
    *("wall.documents", "wall.document_page"),
}
"""What is answered without a session."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
WORTH_PACKING = 1_000  # bytes
SPENT = "This link has been used, or it is not whole. A link signs in once."
WRONG_TOKEN = "This is not the control token of this process."  # noqa: S105 - words
FORGED = "The form is not from a page of this session. Load the page again."
M = TypeVar("M", bound=BaseModel)


def add_wall(app: Flask) -> None:
    """Add the pages to the application."""
    app.extensions[SESSIONS] = Sessions()
    app.register_blueprint(wall)


def sessions() -> Sessions:
    """Return the keys and sessions of this process."""
    return cast("Sessions", current_app.extensions[SESSIONS])


def sign_in_path(app: Flask) -> str:
    """Return the path that signs a browser in, once."""
    return f"/sign-in?key={app.extensions[SESSIONS].new_key()}"


@call("POST", "/sign-ins", status=201)
def make_sign_in() -> Response:
    """Make a link that signs one browser in to the pages for people, once."""
    path = url_for("wall.sign_in", key=sessions().new_key())
    return show({"url": request.host_url.rstrip("/") + path}, 201)


@wall.before_request
def admit() -> Response | None:
    """Refuse who has no session, and a form that is not from a page of the session."""
    session = sessions().find(request.cookies.get(_cookie()))
    if session is not None:
        g.session = session
    if request.endpoint in OPEN:
        return None
    if session is None:
        return _sign_in_page("", 401)
    forged = not session.allows(request.form.get("csrf", ""))
    if request.method == "POST" and forged:
        return problem_page(Problem(403, FORGED))
    return None


@wall.after_request
def protect(answer: Response) -> Response:
    """Add the headers that protect a page; pack what is long."""
    answer.headers.update(HEADERS)
    if request.endpoint != "wall.static":
        answer.headers["Cache-Control"] = "no-store"
    return _packed(answer)


@wall.errorhandler(Problem)
def problem_page(problem: Problem) -> Response:
    """Return the page of a refusal."""
    page = page_of("problem.html", status=problem.status, detail=problem.detail)
    page.status_code = problem.status
    return page


@wall.errorhandler(HTTPException)
def http_error_page(error: HTTPException) -> Response:
    """Return the page of an HTTP error, such as a wrong method."""
    return problem_page(Problem(error.code or 500, error.description or error.name))


@wall.get("/sign-in")
def sign_in() -> Response:
    """Start a session by a one-time key, or ask for the token."""
    key = request.args.get("key")
    if key is None or request.method == "HEAD":  # a preview of the link costs no key
        return _sign_in_page("", 200)
    session = sessions().redeem(key)
    return _welcome(session) if session else _sign_in_page(SPENT, 403)


@wall.post("/sign-in")
def sign_in_by_token() -> Response:
    """Start a session by the control token."""
    given = request.form.get("token", "").strip().encode()
    if not hmac.compare_digest(given, current_app.config["CONTROL_TOKEN"].encode()):
        return _sign_in_page(WRONG_TOKEN, 403)
    return _welcome(sessions().start())


@wall.post("/sign-out")
def sign_out() -> Response:
    """End the session."""
    sessions().end(g.session)
    answer = redirect(url_for("wall.sign_in"), 303)
    answer.delete_cookie(_cookie())
    return answer


def page_of(template: str, **values: Any) -> Response:
    """Return a page; it says first what is to be said to this session."""
    session: Session | None = g.get("session")
    polled = "cursor" in request.args
    notices = session.take_notices() if session and not polled else []
    csrf = session.csrf if session else ""
    shared = {"notices": notices, "csrf": csrf, "home": home_of(all_worlds())}
    text = render_template(f"wall/{template}", **shared, **values)
    return make_response(text)


def home_of(worlds: Iterable[World]) -> str | None:
    """Return where the pages begin of who goes along with a world's clock."""
    return next((each.companion.home for each in worlds if each.companion), None)


def say(tone: str, title: str, text: str = "", ran: Any = ()) -> None:
    """Have the next page say something."""
    g.session.notices.append(Notice(tone, title, text, tuple(ran)))


def answer_of(response: Response) -> Any:
    """Return the JSON of an answer of the control interface."""
    return json.loads(response.get_data())


def body_of(model: type[M], **fields: Any) -> M:
    """Return fields of a form as a request body; a Problem names each that is wrong."""
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        raise refusal(error, model=model) from error


def _sign_in_page(wrong: str, status: int) -> Response:
    page = page_of("sign_in.html", wrong=wrong)
    page.status_code = status
    return page


def _welcome(session: Session) -> Response:
    answer = redirect(url_for("wall.worlds"), 303)
    secure = request.is_secure
    answer.set_cookie(
        _cookie(), session.token, httponly=True, samesite="Lax", secure=secure
    )
    return answer


def _cookie() -> str:
    """Return a name with the port: cookies of all ports of a host lie in one jar."""
    return f"strikeplate-wall-{request.host.rpartition(':')[2].replace('.', '-')}"


def _packed(answer: Response) -> Response:
    if not (answer.status_code == HTTPStatus.OK and _takes_gzip()):
        return answer
    answer.direct_passthrough = False
    body = answer.get_data()
    if len(body) > WORTH_PACKING:
        answer.set_data(gzip.compress(body, 5, mtime=0))
        answer.headers["Content-Encoding"] = "gzip"
        answer.vary.add("Accept-Encoding")
    return answer


def _takes_gzip() -> bool:
    return request.accept_encodings.best_match(["gzip"]) is not None
