"""Vendor events: what a lock system tells of itself comes in here.

Invariants: whose message it is, is for the vendor's adapter to say; nothing here knows
a vendor. An answer 204 means that it was genuine and that we look at once.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, request

from service.clock import now
from service.ports import CredentialsRefused, VendorRefused
from service.store import connections
from service.use_cases.handle_vendor_webhook import handle_vendor_webhook
from service.web.endpoint import the_service
from service.web.problems import Problem

blueprint: Final = Blueprint("vendor events", __name__)


@blueprint.post("/vendor-events/<key>")
def take_vendor_event(key: str) -> Response:
    """Take a lock system's own message about one connection."""
    service = the_service()
    store = service.deps.store
    connection = store.read(lambda tx: connections.by_key(tx, key))
    if connection is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no connection has this URL")
    headers = {name.lower(): value for name, value in request.headers}
    try:
        handle_vendor_webhook(
            service.deps, connection, headers, request.get_data(), now()
        )
    except CredentialsRefused as stranger:
        raise Problem(HTTPStatus.UNAUTHORIZED, stranger.reason) from None
    except VendorRefused as refused:
        raise Problem(HTTPStatus.BAD_REQUEST, refused.reason) from None
    service.wake()
    return Response(status=HTTPStatus.NO_CONTENT)
