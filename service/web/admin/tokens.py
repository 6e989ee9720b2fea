"""API tokens: listed, made, shown once, rotated, revoked; each step is in the trail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Final, TypeVar

from flask import Response
from pydantic import Field

from service.clock import now
from service.store import tokens
from service.store.tokens import Scope, Token
from service.use_cases.users import actor_of
from service.web.admin.forms import Body, Form, body_of, fields_of, submit
from service.web.admin.frame import (
    Note,
    blueprint,
    done,
    local_time,
    phrase,
    see_other,
    service,
    show,
    visit,
)
from service.web.read_models import none_such
from service.web.validation import Shape, ShortText

Made = TypeVar("Made")
PATH: Final = "/tokens"
OVERLAP: Final = timedelta(days=1)
"""How long a rotated token counts beside its successor."""

SCOPES: Final = {
    Scope.READ: "Read everything, codes masked",
    Scope.WRITE: "Change everything",
    Scope.CODES: "See codes in clear",
}
NEW: Final = fields_of("token", scopes=tuple(SCOPES.items()))


class NewToken(Shape):
    """A token to make."""

    name: ShortText
    scopes: Annotated[list[Scope], Field(min_length=1)]


@blueprint.get(PATH)
def list_tokens() -> Response:
    """Show the tokens that count, and the form of a new one."""
    return _page(Form(NEW, {"scopes": [Scope.READ]}))


@blueprint.post(PATH)
def make_token() -> Response:
    """Make a token; the next page shows it, once."""

    def act(body: Body) -> Response:
        asked = body_of(NewToken, body)
        made = _write(tokens.make, asked.name, asked.scopes)
        text = phrase("The token is made. It is shown this once.")
        return see_other(PATH, Note("good", text, secret=made.reveal()))

    return submit(NEW, act, _page)


@blueprint.post(f"{PATH}/<token>/rotate")
def rotate_token(token: str) -> Response:
    """Make the successor; the next page shows it, once."""
    name = _token(token).name
    made = _write(tokens.rotate, name, OVERLAP)
    text = phrase("This is the new token. The old one counts for a day more.")
    return see_other(PATH, Note("good", text, secret=made.reveal()))


@blueprint.get(f"{PATH}/<token>/revoke")
def confirm_revoke_token(token: str) -> Response:
    """Ask once more before a token is revoked."""
    return show(
        "confirm.html",
        section=PATH,
        question="Revoke this token?",
        facts=[("Name", _token(token).name)],
        text="Whoever uses it is refused from now on.",
        path=f"{PATH}/{token}/revoke",
        verb="Revoke",
        back=PATH,
    )


@blueprint.post(f"{PATH}/<token>/revoke")
def revoke_token(token: str) -> Response:
    """End every token of the name."""
    name = _token(token).name
    _write(tokens.revoke, name)
    return done(PATH, "The token is revoked.")


def _write(step: Callable[..., Made], *what: object) -> Made:
    """Take a step of `tokens` as the user who asks, now."""
    by = {"actor": actor_of(visit().user), "now": now()}
    return service().deps.store.write(lambda tx: step(tx, *what, **by))


def _token(token: str) -> Token:
    found = service().deps.store.read(lambda tx: tokens.GATEWAY.by_id(tx, token))
    if found is None or not found.counts(now()):
        raise none_such("token", token)
    return found


def _page(form: Form, status: int = HTTPStatus.OK) -> Response:
    found = service().deps.store.read(tokens.GATEWAY.all)
    return show(
        "tokens.html",
        status,
        section=PATH,
        tokens=sorted(
            (each for each in found if each.counts(now())),
            key=lambda each: (each.name, each.created_at),
        ),
        scopes=SCOPES,
        local=local_time("UTC"),
        form=form,
    )
