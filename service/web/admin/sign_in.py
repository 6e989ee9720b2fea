"""Signing in and out, and the choice of a language."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from flask import Response, request

from service.clock import now
from service.secret import Secret
from service.store.users import USERS
from service.use_cases import users
from service.web.admin.forms import Form, fields_of
from service.web.admin.frame import (
    LANGUAGE_COOKIE,
    SESSION_COOKIE,
    YEAR_SECONDS,
    Note,
    blueprint,
    is_local,
    keep_cookie,
    phrase,
    redirect,
    service,
    show,
    visit,
)
from service.web.admin.phrases import LANGUAGES

FIELDS: Final = fields_of("sign_in")
LONGEST: Final = 200


@blueprint.get("/sign-in")
def show_sign_in() -> Response:
    """Show the form; who is signed in already goes on."""
    if visit().session:
        return redirect(_wanted())
    return _form(Form(FIELDS))


@blueprint.post("/sign-in")
def sign_in() -> Response:
    """Begin a session under a new token, whatever the browser had before."""
    name = request.form.get("name", "").strip()[:LONGEST].replace("\x00", "")
    password = Secret(request.form.get("password", "")[:LONGEST])
    address = request.remote_addr or ""
    values = {"name": name}
    try:
        begun = users.sign_in(service().deps.store, name, password, address, now())
    except users.TooManyFailures:
        minutes = int(users.WINDOW.total_seconds() // 60)
        text = phrase("Too many failed attempts. Try again in {n} minutes.", n=minutes)
        answer = _form(Form(FIELDS, values, problem=text), HTTPStatus.TOO_MANY_REQUESTS)
        answer.headers["Retry-After"] = str(minutes * 60)
        return answer
    if begun is None:
        text = phrase("The user name or the password is wrong.")
        return _form(Form(FIELDS, values, problem=text), HTTPStatus.FORBIDDEN)
    answer = redirect(_wanted())
    keep_cookie(answer, SESSION_COOKIE, begun.token.reveal())
    return answer


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """End the session, and have the browser forget it."""
    users.sign_out(service().deps.store, visit().token)
    answer = redirect("/sign-in")
    answer.delete_cookie(SESSION_COOKIE, httponly=True, samesite="Lax")
    return answer


@blueprint.post("/language")
def set_language() -> Response:
    """Keep the language for a year."""
    back = request.form.get("next", "")
    answer = redirect(back if is_local(back) else "/")
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        keep_cookie(answer, LANGUAGE_COOKIE, chosen, YEAR_SECONDS)
    return answer


def _form(form: Form, status: int = HTTPStatus.OK) -> Response:
    nobody = not service().deps.store.read(USERS.all)
    text = phrase("There is no user yet. Make one: python -m service user NAME")
    note = Note("warn", text) if nobody else None
    return show("sign_in.html", status, form=form, wanted=_wanted(), note=note)


def _wanted() -> str:
    """Return the page that was asked for before, if it is one of this service."""
    path = request.values.get("next", "")
    return path if is_local(path) and not path.startswith("/sign-in") else "/"
