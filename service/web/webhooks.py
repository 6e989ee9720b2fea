"""Webhooks: a booking platform's messages come in here.

Invariants: the answer 202 is given after the event is durable. The checks stand in the
order of what they cost and of who may know the answer: until the signature is right,
nothing is said about the connection but that it exists.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, request

from service.clock import now
from service.signature import HEADERS, verification_error
from service.store.store import StoreUnavailable
from service.use_cases.receive import Receipt, StaleConnection, receive
from service.web.endpoint import the_service
from service.web.fields import Shape
from service.web.payloads import incoming_event, read_event_payload
from service.web.problems import Problem, problem_of

if TYPE_CHECKING:
    from service.bootstrap import Service
    from service.secret import Secret

JSON: Final = "application/json"
SIGNED: Final = {name: f"HTTP_{name.upper().replace('-', '_')}" for name in HEADERS}
"""Where WSGI keeps the headers of a signature."""

LARGEST: Final = 65_536
"""The most bytes a message may have."""

blueprint = Blueprint("webhooks", __name__)


class ReceiptSchema(Shape):
    """What became of an event: accepted, duplicate, or ignored, and then why."""

    event: str
    status: str
    reason: str | None = None


@blueprint.post("/webhooks/<key>")
def take_event(key: str) -> Response:
    """Take a booking platform's message."""
    service = the_service()
    try:
        receipt = _receive(service, key)
    except Exception as error:
        status = problem_of(error).status
        service.metrics.webhooks.labels(str(status.value)).inc()
        raise
    service.metrics.webhooks.labels(receipt.outcome).inc()
    service.wake()
    headers = {"event": receipt.event, "status": receipt.outcome}
    if receipt.reason:
        headers["reason"] = receipt.reason
    body = json.dumps(headers)
    return Response(body, HTTPStatus.ACCEPTED, content_type="application/json")


def _receive(service: Service, key: str) -> Receipt:
    """Return what became of the event; what refused it is looked at anew first."""
    body = _body()
    try:
        return _receive_from(service, key, body)
    except (Problem, StaleConnection):
        service.connection_cache.invalidate()
    try:
        return _receive_from(service, key, body)
    except StaleConnection:
        raise StoreUnavailable("the connection changes all the time") from None


def _receive_from(service: Service, key: str, body: bytes) -> Receipt:
    store = service.deps.store
    try:
        connection = service.connection_cache.get_cached(key)
    except LookupError as unknown:
        raise Problem(HTTPStatus.NOT_FOUND, str(unknown)) from None
    _check_signature(store.vault.open(connection.sealed_signing_secret), body)
    if connection.refusal is not None:
        detail = f"the connection takes no events: {connection.refusal}"
        raise Problem(HTTPStatus.CONFLICT, detail)
    return receive(store, incoming_event(connection, read_event_payload(body), now()))


def _body() -> bytes:
    """Return the message's bytes, once their kind and number will do."""
    plain = request.content_type == JSON  # most are; taking a type apart costs
    if not plain and request.mimetype != JSON:
        detail = f"content-type is {request.mimetype!r}; send application/json"
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail)
    length = request.content_length
    if length is None:  # it comes in chunks
        body = request.stream.read(LARGEST + 1)
    else:
        body = request.environ["wsgi.input"].read(min(length, LARGEST + 1))
    if len(body) > LARGEST:
        detail = "the message is too large; send at most 64 KiB, 65,536 bytes"
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)
    return body


def _check_signature(secret: Secret, body: bytes) -> None:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        detail = "the body is no UTF-8; send JSON in UTF-8"
        raise Problem(HTTPStatus.BAD_REQUEST, detail) from None
    headers = {name: request.environ.get(place, "") for name, place in SIGNED.items()}
    reason = verification_error(secret, text, headers)
    if reason is not None:
        raise Problem(HTTPStatus.UNAUTHORIZED, reason)
