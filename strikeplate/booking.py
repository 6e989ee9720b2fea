"""The booking platform as the harness plays it: bookings, events, deliveries. Pure.

A booking has a history of events; a delivery is one event on the wire, signed as
Standard Webhooks. The instants of a history are fixed when it happens, so an event
that arrives late still says when it occurred.
"""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

Json = dict[str, Any]  # an event on the wire


@dataclass(frozen=True)
class Person:
    """A customer, with addresses that belong to one scenario alone."""

    name: str
    email: str
    phone: str
    language: str = "en"

    def payload(self) -> Json:
        """Return the customer as an event tells of one."""
        return {
            "name": self.name,
            "email": self.email,
            "phone": self.phone,
            "language": self.language,
        }


@dataclass(frozen=True)
class Booking:
    """What a customer has booked: a resource, from start to end."""

    id: str
    resource: str
    start: datetime
    end: datetime
    customer: Person

    def moved(
        self,
        *,
        to: tuple[datetime, datetime] | None = None,
        resource: str | None = None,
    ) -> Booking:
        """Return the booking at other times, or of another resource."""
        start, end = to or (self.start, self.end)
        named = resource or self.resource
        return replace(self, start=start, end=end, resource=named)

    def payload(self) -> Json:
        """Return the booking as an event tells of one."""
        return {
            "id": self.id,
            "resource": self.resource,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "customer": self.customer.payload(),
        }


@dataclass(frozen=True)
class Event:
    """Something that happened to a booking, at an instant."""

    id: str
    kind: str
    at: datetime
    booking: Booking

    def payload(self) -> Json:
        """Return the event as it is told by webhook."""
        return {
            "id": self.id,
            "type": f"booking.{self.kind}",
            "occurred_at": self.at.isoformat(),
            "booking": self.booking.payload(),
        }


@dataclass(frozen=True)
class Delivery:
    """One telling of an event: where it goes, its headers, its body."""

    path: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    def to(self, path: str) -> Delivery:
        """Return the delivery as it goes elsewhere."""
        return replace(self, path=path)


def sign_delivery(
    path: str, secret: str | None, event_id: str, body: bytes, at: datetime
) -> Delivery:
    """Return an event's body as it goes out at that instant, signed with the secret."""
    headers = {"content-type": "application/json"}
    if secret is None:
        return Delivery(path, body, headers)
    return Delivery(path, body, {**headers, **signed(secret, event_id, body, at)})


def signed(secret: str, event_id: str, body: bytes, at: datetime) -> dict[str, str]:
    """Return the headers that sign a body, bytes as they are, as Standard Webhooks."""
    seconds = int(at.timestamp())
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{event_id}.{seconds}.".encode() + body
    signature = base64.b64encode(hmac.digest(key, content, "sha256")).decode()
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{signature}",
    }


def encoded(payload: Json) -> bytes:
    """Return an event as bytes."""
    return json.dumps(payload, ensure_ascii=False).encode()
