"""Exivo's own paths: who may call, what is read, what is answered.

Invariants: every call is checked in one order: key and secret, site, body, the rest. A
success is 200 with an object or 204 without a body, never anything else.
"""

from __future__ import annotations

import re
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Blueprint, request
from pydantic import ValidationError

from fakes.kit.dispatch import answer, current_world
from fakes.vendors.exivo import auth, errors, webhooks
from fakes.vendors.exivo.errors import Refused, invalid
from fakes.vendors.exivo.operation import Asked, Operation, select_rows
from fakes.vendors.exivo.page.routes import add_pages
from fakes.vendors.exivo.routes import interface
from fakes.vendors.exivo.routes.interface import OPERATIONS
from fakes.vendors.exivo.schemas import responses
from fakes.vendors.exivo.schemas.requests import strangers
from fakes.vendors.exivo.state import NAME, quirk

if TYPE_CHECKING:
    from werkzeug import Response


API = "/v1"
NEVER_NULL: dict[Any, tuple[str, ...]] = {
    responses.component: ("labelling", "remarks"),
    responses.visit: ("name", "message", "email", "smsNr"),
    responses.person: ("info",),
}
"""Fields that are a text in the vendor's schema, by the function that shows them."""

EVERY_METHOD = ["GET", "POST", "PUT", "PATCH", "DELETE"]
blueprint = Blueprint(NAME, __name__, template_folder="../page/templates")


@blueprint.errorhandler(Refused)
def show_refusal(refused: Refused) -> Response:
    """Answer a refusal; without words its body is empty."""
    body = errors.body(refused.message) if refused.message else None
    if refused.status == HTTPStatus.NO_CONTENT:
        return answer(204)
    asks = refused.status == HTTPStatus.UNAUTHORIZED
    return answer(refused.status, body, errors.CHALLENGE if asks else None)


@blueprint.get("/docs/openapi.json")
def document() -> Response:
    """Show the OpenAPI document to whoever has a key."""
    auth.prove()
    return answer(200, interface.document())


@blueprint.route(webhooks.PATH, methods=["GET", "PUT", "DELETE"])
def hook() -> Response:
    """Stand for the page of the vendor's portal where a receiver is registered."""
    auth.prove()
    return answer(200, webhooks.hook(request.method, _json()))


@blueprint.route("/", defaults={"rest": ""}, methods=EVERY_METHOD)
@blueprint.route("/<path:rest>", methods=EVERY_METHOD)
def nothing_here(rest: str) -> Response:
    """Answer whatever this interface does not have."""
    site = rest.removeprefix(f"{API[1:]}/") if f"/{rest}".startswith(f"{API}/") else ""
    auth.prove(site.partition("/")[0] or None)
    raise Refused(404, f"there is no {request.method} /{rest[:80]}")


def base() -> str:
    """Return where links lead: to this server, under whatever name it was called."""
    return f"{request.scheme}://{request.host}/{NAME}"


def _perform(operation: Operation, site_id: str, **ids: str) -> Response:
    """Answer one operation."""
    auth.prove(site_id)
    reads = operation.method == "GET"
    asked = Asked(current_world(), _body(operation), reads=reads, base=base())
    result = operation.run(asked, *ids.values())
    if operation.shape is None:
        return answer(204)
    if operation.many:
        rows = select_rows(asked, operation, result, request.args)
        return answer(200, [_shown(asked, operation, row) for row in rows])
    return answer(200, _shown(asked, operation, result))


def _shown(asked: Asked, operation: Operation, row: Any) -> Any:
    """Return a row as it is answered, without unset fields that may not be null."""
    shown = operation.shape(asked, row) if operation.shape else None
    never_null = NEVER_NULL.get(operation.shape)
    if shown is None or never_null is None or asked.quirk("unset-fields") == "null":
        return shown
    return {
        name: each
        for name, each in shown.items()
        if each is not None or name not in never_null
    }


def _body(operation: Operation) -> Any:
    """Return the body as the operation's type; nothing if it takes none."""
    if operation.body is None:
        return None
    text = _json()
    if not text and not operation.needs_body:
        return None
    try:
        body = operation.reader.validate_json(text or b"{}")
    except ValidationError as error:
        raise invalid(errors.described(error.errors(include_url=False))) from None
    unknown = strangers(body)
    if unknown and quirk(current_world(), "extra-fields") == "refused":
        raise invalid(f"unknown: {', '.join(unknown)}")
    return body


def _json() -> bytes:
    """Return the body as it came; one of another media type is not seen."""
    return request.get_data() if request.is_json else b""


def _add(operation: Operation) -> None:
    rule = re.sub(r"{(\w+)}", r"<\1>", operation.path)
    view = partial(_perform, operation)
    blueprint.add_url_rule(
        f"{API}/<site_id>{rule}",
        endpoint=operation.name,
        view_func=view,
        methods=[operation.method],
    )


for each in OPERATIONS:
    _add(each)


add_pages(blueprint)
