"""The frame of every admin page: who asks, in which language, and what is refused.

Invariants: without a session nothing is shown but the sign-in. Every POST carries the
token of its session's forms, or changes nothing. Every POST that succeeds answers 303,
and what it has to say is kept, sealed, for the next page. No page may be framed, cached
or run a script of somebody else. Codes are masked unless a page calls `ask_for_codes`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, tzinfo
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, make_response, render_template, request
from flask import redirect as flask_redirect

from service.clock import now
from service.ids import new_token
from service.secret import Secret
from service.store.tokens import Scope
from service.use_cases import users
from service.use_cases.users import SignedIn
from service.web.admin import views
from service.web.admin.phrases import LANGUAGES, translate, translate_reason
from service.web.admin.views import LocalTime
from service.web.caller import Caller, caller
from service.web.openapi import the_service
from service.web.validation import Problem, problem_of

blueprint: Final = Blueprint(
    "admin",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)

SESSION_COOKIE: Final = "strikeplate_session"
LANGUAGE_COOKIE: Final = "strikeplate_language"
YEAR_SECONDS: Final = 365 * 24 * 3600
STATIC: Final = "admin.static"
SECTIONS: Final = (
    ("/", "Codes"),
    ("/trouble", "What failed"),
    ("/keys", "Keys"),
    ("/connections", "Connections"),
    ("/events", "Events"),
    ("/audit", "Who saw what"),
    ("/usage", "Usage"),
    ("/tokens", "API tokens"),
)
"""The pages that every page leads to."""

OPEN: Final = frozenset({"admin.show_sign_in", "admin.sign_in", "admin.set_language"})
"""What is served without a session, beside the static files."""

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


@dataclass(frozen=True, slots=True)
class Note:
    """What the next page says once; `kind` is good, warn or bad.

    `secret` is a text that is shown this once, `pin_of` the access whose PIN is.
    """

    kind: str
    text: str
    secret: str | None = field(default=None, repr=False)
    pin_of: str | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """One request: its token, its session if there is one, and its language."""

    token: Secret
    session: SignedIn | None
    language: str
    fresh: bool = False

    @property
    def user(self) -> str:
        """Return the name of who asks."""
        return self.session.user.name if self.session else ""

    @property
    def form_token(self) -> str:
        """Return what every form of this session carries."""
        key = self.token.reveal().encode()
        return hmac.new(key, b"form", hashlib.sha256).hexdigest()


service: Final = the_service


def visit() -> Visit:
    """Return the present request's visit."""
    found: Visit = g.visit
    return found


def phrase(text: str, **values: object) -> str:
    """Return the phrase in the visitor's language."""
    return translate(visit().language, text, **values)


def reason(text: str) -> str:
    """Return in the visitor's language what the service says of what failed."""
    said = translate_reason(visit().language, text)
    return local_time(UTC).in_text(said)  # its times are in their place's time already


def ask_for_codes() -> None:
    """Let this request see codes; the trail then says which ones."""
    g.caller = Caller(caller().name)


def local_time(zone: tzinfo | str) -> LocalTime:
    """Return what writes instants of the zone, by itself or its name, for a visitor."""
    known = ZoneInfo(zone) if isinstance(zone, str) else zone
    return LocalTime(visit().language, known, now())


@blueprint.before_request
def admit() -> Response | None:
    """Find the session; send who has none to the sign-in, and refuse forged forms."""
    if request.endpoint == STATIC:
        return None
    sent = request.cookies.get(SESSION_COOKIE, "")
    token = Secret(sent) if sent else new_token()
    session = users.signed_in(service().deps.store, token, now()) if sent else None
    g.visit = Visit(token, session, _language(), fresh=not sent)
    g.caller = Caller(
        users.actor_of(g.visit.user), frozenset({Scope.READ, Scope.WRITE})
    )
    if session is None and request.endpoint not in OPEN:
        wanted = request.full_path.rstrip("?") if request.method == "GET" else "/"
        return redirect(f"/sign-in?next={quote(wanted, safe='/')}")
    if request.method == "POST":
        _check_form_token()
    return None


def _language() -> str:
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    return request.accept_languages.best_match([*LANGUAGES], "en") or "en"


def _check_form_token() -> None:
    sent = request.form.get("form_token", "").encode()
    if not hmac.compare_digest(sent, visit().form_token.encode()):
        detail = phrase("This form is not valid any more. Open its page again.")
        raise Problem(HTTPStatus.FORBIDDEN, detail)


@blueprint.after_request
def protect(answer: Response) -> Response:
    """Add the headers that keep a page to itself, and the token of a new visitor."""
    answer.headers.update(HEADERS)
    if request.endpoint == STATIC:
        answer.cache_control.no_cache = None
        answer.cache_control.max_age = 300
        return answer
    answer.headers["Cache-Control"] = "no-store"
    known: Visit | None = g.get("visit")
    if known and known.fresh:
        keep_cookie(answer, SESSION_COOKIE, known.token.reveal())
    return answer


def keep_cookie(
    answer: Response, name: str, text: str, max_age: int | None = None
) -> None:
    """Have the browser keep a cookie that no script can read, and no other site send.

    Without `max_age` the browser keeps it until it is closed.
    """
    public = service().deps.settings.public_url
    secure = request.is_secure or public.startswith("https:")
    answer.set_cookie(
        name, text, max_age=max_age, httponly=True, samesite="Lax", secure=secure
    )


@blueprint.errorhandler(Exception)
def show_problem(error: Exception) -> Response:
    """Show what went wrong: on the page of the form, where that can be tried again."""
    problem = problem_of(error)
    back = request.form.get("back", "") if request.method == "POST" else ""
    if problem.status in TO_TRY_AGAIN and is_local(back):
        return see_other(back, Note("bad", reason(problem.detail)))
    return show("problem.html", problem.status, problem=problem)


TO_TRY_AGAIN: Final = frozenset(
    {
        HTTPStatus.CONFLICT,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
    }
)
"""What an action may be refused with for reasons that pass, or that can be mended."""


def show(
    template: str, status: int = HTTPStatus.OK, **model: Any
) -> Response:  # models of pages differ
    """Return the page; a note that was left for it is shown, and gone."""
    here = visit()
    note = model.pop("note") if "note" in model else take_note()
    text = render_template(
        template,
        visit=here,
        languages=LANGUAGES,
        sections=SECTIONS,
        note=note,
        t=phrase,
        reason=reason,
        views=views,
        **model,
    )
    return make_response(text, status)


def take_note() -> Note | None:
    """Return the note that was left for this page; it is gone then."""
    session = visit().session
    kept = users.take_note(service().deps.store, session.session) if session else None
    return Note(**json.loads(kept.reveal())) if kept else None


def see_other(where: str, note: Note | None = None) -> Response:
    """Send the browser to the page, which shows the note."""
    if note is not None:
        text = Secret(json.dumps(asdict(note)))
        users.leave_note(service().deps.store, visit().token, text)
    return redirect(where)


def done(where: str, text: str, **values: object) -> Response:
    """Send the browser to the page, which says what was done, in their language."""
    return see_other(where, Note("good", phrase(text, **values)))


def redirect(where: str) -> Response:
    """Return the answer 303 to a path of this service."""
    return make_response(flask_redirect(where, HTTPStatus.SEE_OTHER))


def is_local(path: str) -> bool:
    """Return whether a path that a visitor sent leads to this service."""
    parts = urlsplit(path)
    plain = path.startswith("/") and not path.startswith(("//", "/\\"))
    return plain and not parts.scheme and not parts.netloc and path.isprintable()
