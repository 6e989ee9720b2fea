"""Webhooks: messages of the booking platform and of the lock systems come in here.

Invariants: the answer 202 or 204 is given after the message is durable. The checks run
in the order of their cost; until the signature is right, an answer says nothing about
the connection but that it exists. A payload may have fields that we do not need; those
that we need are checked, each by name. Only the vendor's adapter decides whether a lock
system's message is genuine.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated, ClassVar, Final, Literal
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request
from pydantic import BeforeValidator, Field, RootModel

from service.app import Service
from service.clock import now
from service.domain.booking import (
    Customer,
    Details,
    Event,
    EventType,
    check_clock,
    check_season,
    id_alone,
    ref_of,
    validate_event,
)
from service.domain.schedule import WEEKDAYS
from service.mail import check_address
from service.ports import CredentialsRefused, VendorRefused
from service.secret import HEADERS, Secret, verification_error
from service.store import connections
from service.store.connections import Connection
from service.store.store import StoreUnavailable
from service.use_cases.connections import handle_vendor_webhook
from service.use_cases.receive_event import (
    IncomingEvent,
    Receipt,
    StaleConnection,
    receive,
)
from service.web.caller import guess_limit
from service.web.openapi import the_service
from service.web.validation import (
    AnyId,
    CutText,
    Instant,
    MaybeText,
    Payload,
    Problem,
    ResourceName,
    Shape,
    problem_of,
    read,
)

SILENT = ("customer", "member")
"""Fields within these are personal: an answer names them, never their values."""


class CustomerPayload(Payload):
    """Who booked, and how a message reaches them, as far as that is known."""

    id: MaybeText = None
    name: CutText = ""
    email: MaybeText = None
    phone: MaybeText = None
    language: MaybeText = None

    @property
    def customer(self) -> Customer:
        """Return the customer as the domain knows them."""
        return Customer(self.name, self.email, self.phone, self.language, self.id)


NOBODY: Final = CustomerPayload.model_construct()


def _weekday(name: object) -> object:
    """Return the weekday by its whole name, of which three letters are enough."""
    text = str(name).strip().capitalize()
    found = next((day for day in WEEKDAYS if text in {day, day[:3]}), None)
    if found is None:
        raise ValueError(f"it is no weekday; those are {', '.join(WEEKDAYS)}")
    return found


Weekday = Annotated[str, BeforeValidator(_weekday)]
"""A weekday by its English name."""


class BookingPayload(Payload):
    """The booking as it is now, of one resource or several; times carry an offset.

    A standing booking is of some `weekdays`: its start is the first day with the time
    of opening, its end the last day with the time of closing.
    """

    id: AnyId
    resource: ResourceName | Annotated[list[ResourceName], Field(min_length=1)]
    start: Instant
    end: Instant
    weekdays: list[Weekday] | None = None
    customer: CustomerPayload | None = None

    @property
    def details(self) -> Details:
        """Return what the domain knows of it."""
        names = [self.resource] if isinstance(self.resource, str) else self.resource
        first, *others = sorted(set(names))
        customer = (self.customer or NOBODY).customer
        days = tuple(sorted({WEEKDAYS.index(day) for day in self.weekdays or ()}))
        return Details(first, self.start, self.end, customer, tuple(others), days)


class MembershipPayload(Payload):
    """Who belongs to which community; a member is described like a customer."""

    id: AnyId
    community: ResourceName
    member: CustomerPayload | None = None


class IdPayload(Payload):
    """What has ended, by its id alone."""

    id: AnyId


class BookingEventPayload(Payload):
    """What has happened to a booking, and the booking as it is since."""

    id: AnyId
    type: Literal[
        "booking.confirmed", "booking.paid", "booking.starting", "booking.changed"
    ]
    occurred_at: Instant
    booking: BookingPayload
    only_takes_away: ClassVar[bool] = False
    customer_field: ClassVar[str] = "booking.customer.email"

    @property
    def about(self) -> tuple[str, Details]:
        """Return the ref of what it is about, and what it says of that."""
        return self.booking.id, self.booking.details


class BookingEndPayload(Payload):
    """A booking is cancelled, or its customer has left before its end."""

    id: AnyId
    type: Literal["booking.cancelled", "booking.checked_out"]
    occurred_at: Instant
    booking: IdPayload
    only_takes_away: ClassVar[bool] = True

    @property
    def about(self) -> tuple[str, Details]:
        """Return the ref of what it is about, and what it says of that."""
        return self.booking.id, id_alone(self.occurred_at)


class MembershipEventPayload(Payload):
    """Somebody belongs to a community."""

    id: AnyId
    type: Literal["membership.started"]
    occurred_at: Instant
    membership: MembershipPayload
    only_takes_away: ClassVar[bool] = False
    customer_field: ClassVar[str] = "membership.member.email"

    @property
    def about(self) -> tuple[str, Details]:
        """Return the ref and what it says, as of a booking without an end."""
        payload, at = self.membership, self.occurred_at
        member = (payload.member or NOBODY).customer
        return ref_of(payload.id), Details(payload.community, at, None, member)


class MembershipEndPayload(Payload):
    """Somebody belongs to a community no more."""

    id: AnyId
    type: Literal["membership.ended"]
    occurred_at: Instant
    membership: IdPayload
    only_takes_away: ClassVar[bool] = True

    @property
    def about(self) -> tuple[str, Details]:
        """Return the ref of what it is about, and what it says of that."""
        details = id_alone(self.occurred_at, by_membership=True)
        return ref_of(self.membership.id), details


AnyEventPayload = (
    BookingEventPayload
    | BookingEndPayload
    | MembershipEventPayload
    | MembershipEndPayload
)


class EventPayload(RootModel[AnyEventPayload]):
    """An event of a booking or a membership; its `type` decides which."""

    root: Annotated[AnyEventPayload, Field(discriminator="type")]


def incoming_event(
    connection: Connection, payload: AnyEventPayload, at: datetime, keep_days: int
) -> IncomingEvent:
    """Return the event as the use case takes it, or raise `SemanticError`."""
    kind = EventType(payload.type)
    event = Event(payload.id, kind, payload.occurred_at, *payload.about)
    validate_event(event)
    check_season(event.details, ZoneInfo(connection.timezone))
    check_clock(event.occurred_at, at)
    if isinstance(payload, BookingEventPayload | MembershipEventPayload):
        check_address(payload.customer_field, event.details.customer.email)
    return IncomingEvent(
        connection=connection,
        content=payload.model_dump_json(),
        received_at=at,
        event=event,
        kept_since=at - timedelta(days=keep_days),
    )


def read_event_payload(body: bytes) -> AnyEventPayload:
    """Return the event; raise the problem that names each wrong field."""
    return read(EventPayload, body, silent=SILENT, skip=1).root


JSON: Final = "application/json"
SIGNED: Final = {name: f"HTTP_{name.upper().replace('-', '_')}" for name in HEADERS}
"""Names of the signature's headers in the WSGI environment."""

LARGEST: Final = 65_536
"""How many bytes a payload may have."""

blueprint = Blueprint("webhooks", __name__)
vendor_blueprint = Blueprint("vendor events", __name__)


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
    answer = {"event": receipt.event, "status": receipt.outcome}
    if receipt.reason:
        answer["reason"] = receipt.reason
    body = json.dumps(answer)
    return Response(body, HTTPStatus.ACCEPTED, content_type=JSON)


def _receive(service: Service, key: str) -> Receipt:
    """Process the event; if the cached connection led to a refusal, read it again."""
    connection = _connection(service, key)  # first: a stranger's body may never end
    body = _body()
    try:
        return _receive_from(service, connection, body)
    except (Problem, StaleConnection):
        service.connection_cache.invalidate()
    try:
        return _receive_from(service, _connection(service, key), body)
    except StaleConnection:
        raise StoreUnavailable("the connection changes all the time") from None


def _receive_from(service: Service, connection: Connection, body: bytes) -> Receipt:
    store = service.deps.store
    sealed = connection.sealed_signing_secrets(now())
    _check_signature([store.vault.open(each) for each in sealed], body)
    payload = read_event_payload(body)
    if connection.refusal is not None and not payload.only_takes_away:
        detail = f"the connection takes no events: {connection.refusal}"
        raise Problem(HTTPStatus.CONFLICT, detail)
    keep_days = service.deps.settings.keep_days
    return receive(store, incoming_event(connection, payload, now(), keep_days))


def _connection(service: Service, key: str) -> Connection:
    try:
        with guess_limit().attempt(request.remote_addr or "", key):
            return service.connection_cache.get_cached(key)
    except LookupError as unknown:
        raise Problem(HTTPStatus.NOT_FOUND, str(unknown)) from None


def _body() -> bytes:
    """Return the body; refuse another content type than JSON, and more than 64 KiB."""
    plain = request.content_type == JSON  # the common case; parsing the type costs time
    if not plain and request.mimetype != JSON:
        detail = f"content-type is {request.mimetype!r}; send application/json"
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail)
    length = request.content_length
    if length is None:  # chunked transfer encoding
        request.max_content_length = LARGEST + 1  # so that one byte too many is seen
        body = request.stream.read(LARGEST + 1)
    else:
        body = request.environ["wsgi.input"].read(min(length, LARGEST + 1))
    if len(body) > LARGEST:
        detail = "the message is too large; send at most 64 KiB, 65,536 bytes"
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)
    return body


def _check_signature(secrets: list[Secret], body: bytes) -> None:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        detail = "the body is no UTF-8; send JSON in UTF-8"
        raise Problem(HTTPStatus.BAD_REQUEST, detail) from None
    headers = {name: request.environ.get(place, "") for name, place in SIGNED.items()}
    reasons = [verification_error(each, text, headers) for each in secrets]
    if None not in reasons:
        raise Problem(HTTPStatus.UNAUTHORIZED, reasons[0] or "")


@vendor_blueprint.post("/vendor-events/<key>")
def take_vendor_event(key: str) -> Response:
    """Take a lock system's own message about one connection."""
    service = the_service()
    store = service.deps.store
    with guess_limit().attempt(request.remote_addr or "", key):
        connection = store.read_one(lambda tx: connections.by_key(tx, key))
        if connection is None:
            raise Problem(HTTPStatus.NOT_FOUND, "no connection has this URL")
    headers = {name.lower(): value for name, value in request.headers}
    try:
        sent = request.get_data()
        handle_vendor_webhook(service.deps, connection, headers, sent, now())
    except CredentialsRefused as stranger:
        raise Problem(HTTPStatus.UNAUTHORIZED, stranger.reason) from None
    except VendorRefused as refused:
        raise Problem(HTTPStatus.BAD_REQUEST, refused.reason) from None
    service.wake()
    return Response(status=HTTPStatus.NO_CONTENT)
