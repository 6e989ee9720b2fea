"""Signing in at the vendor's own page, to link an account or to link it anew.

Invariants: the form leads to a page with a link, since the Content-Security-Policy lets
no form lead to another host. What comes back counts for the session that began, once.
"""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from flask import Response, request

from service.clock import now
from service.ports import VendorRefused
from service.store.users import Session
from service.use_cases import vendor_sign_in as signing
from service.use_cases.vendor_sign_in import Pending
from service.web.admin import connections
from service.web.admin.connections import BACK
from service.web.admin.forms import REFUSED, Body, body_of, submit
from service.web.admin.frame import (
    Note,
    blueprint,
    done,
    phrase,
    reason,
    see_other,
    service,
    show,
    visit,
)
from service.web.admin.views import brand
from service.web.api import connections as api
from service.web.read_models import connection_of
from service.web.validation import Problem, problem_of

LONGEST_WORD: Final = 60


@blueprint.post("/connections/new/<vendor>/sign-in")
def begin_sign_in(vendor: str) -> Response:
    """Keep what was typed, and show the way to the vendor's page."""
    found = connections.vendor_of(vendor)

    def act(body: Body) -> Response:
        asked = connections.new_connection(vendor, body)
        return _begin(Pending(vendor, asked.model_dump(exclude={"vendor"})))

    form = partial(connections.new_form, found)
    return submit(connections.new_fields(found), act, form)


@blueprint.post("/connections/<connection>/sign-in")
def begin_sign_in_again(connection: str) -> Response:
    """Show the way to the vendor's page, for a connection that is there already."""
    found = api.show_connection(service(), connection)
    vault = service().deps.store.vault
    sealed = connection_of(service(), connection).sealed_credentials
    held = {name: text.reveal() for name, text in vault.open_all(sealed).items()}
    return _begin(Pending(found.vendor, {"credentials": held}, found.id))


def _begin(pending: Pending) -> Response:
    page = signing.begin(service().deps, _session(), pending, _back(), now())
    return show(
        "vendor_sign_in.html",
        section="/connections",
        brand=brand(pending.vendor),
        page=page,
        host=urlsplit(page).hostname,
        cancel=f"/connections/{pending.connection or ''}".rstrip("/"),
    )


@blueprint.get(BACK)
def finish_sign_in() -> Response:
    """Take the code that the vendor's page sent, and link the account."""
    state = request.args.get("state", "")
    pending = signing.finish(service().deps, _session(), state, now())
    if pending is None:
        return see_other("/connections", Note("bad", reason(signing.OVER)))
    try:
        return _link(_redeemed(pending))
    except REFUSED as error:
        back = pending.connection or f"new/{pending.vendor}"
        note = Note("bad", reason(problem_of(error).detail))
        return see_other(f"/connections/{back}", note)


def _redeemed(pending: Pending) -> Pending:
    refused = request.args.get("error", "")
    if refused:
        word = refused[:LONGEST_WORD]
        raise VendorRefused(f"{pending.vendor}: it did not allow the access ({word})")
    given, deps = request.args.get("code", ""), service().deps
    with service().vendor_calls.slot(pending.connection or pending.vendor):
        return signing.redeem(deps, pending, _back(), given)


def _link(pending: Pending) -> Response:
    if pending.connection is None:
        return connections.link(pending.vendor, pending.body)
    asked = body_of(api.ConnectionChange, pending.body)
    api.change_connection(service(), pending.connection, asked)
    text = "The vendor takes the new credentials."
    return done(f"/connections/{pending.connection}", text)


def _session() -> Session:
    """Return the session, without which no page here is shown."""
    here = visit().session
    if here is None:  # which `frame.admit` sends to the sign-in
        raise Problem(HTTPStatus.FORBIDDEN, phrase("Sign in"))
    return here.session


def _back() -> str:
    return f"{service().deps.settings.public_url}{BACK}"
