"""Bookings, their events, and events as Standard Webhooks tells them.

A delivery is one event on the wire, signed as the scheme of its format says.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

from strikeplate.platforms.signatures import signed

if TYPE_CHECKING:
    from datetime import datetime

    from strikeplate.subjects import Connection


Json = dict[str, Any]  # an event on the wire


@dataclass(frozen=True)
class Person:
    """A customer, with addresses that belong to one scenario alone."""

    name: str
    email: str
    phone: str
    """The phone number as the customer writes it."""

    language: str = "en"
    number: str = ""
    """The phone number in E.164, where it is written in another way."""

    @property
    def dialled(self) -> str:
        """The phone number in E.164."""
        return self.number or self.phone

    @property
    def id(self) -> str:
        """What the platform knows the customer by."""
        return f"c-{self.email.partition('@')[0].partition('+')[0]}"

    def payload(self) -> Json:
        """Return the customer as JSON of an event."""
        return {
            "name": self.name,
            "email": self.email,
            "phone": self.phone,
            "language": self.language,
        }


class IdentifiedPerson(Person):
    """A customer whom the events name by the platform's own id too."""

    @property
    def id(self) -> str:
        """What the platform knows the customer by, whatever the address."""
        return f"c-{self.name.lower()}"

    def payload(self) -> Json:
        """Return the customer as JSON of an event."""
        return {**super().payload(), "id": self.id}


@dataclass(frozen=True)
class Booking:
    """What a customer has booked: a resource, from start to end.

    A standing booking is of some `weekdays`, by their English names: from the first
    day, with the time of opening, to the last day, with the time of closing.
    """

    id: str
    resource: str
    start: datetime
    end: datetime
    customer: Person
    weekdays: tuple[str, ...] = ()

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
        """Return the booking as JSON of an event."""
        standing = {"weekdays": list(self.weekdays)} if self.weekdays else {}
        return {
            "id": self.id,
            "resource": self.resource,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "customer": self.customer.payload(),
            **standing,
        }


@dataclass(frozen=True)
class Event:
    """Something that happened to a booking, at an instant."""

    id: str
    kind: str
    at: datetime
    booking: Booking
    previous: Booking | None = None
    """The booking as it was before, where it was changed."""

    def payload(self) -> Json:
        """Return the event as JSON."""
        return {
            "id": self.id,
            "type": f"booking.{self.kind}",
            "occurred_at": self.at.isoformat(),
            "booking": self.booking.payload(),
        }


@dataclass(frozen=True)
class Membership(Event):
    """An event of a membership of a community; its booking only carries the member."""

    community: str = ""
    membership: str = ""
    """What the platform calls the membership."""

    def payload(self) -> Json:
        """Return the event as JSON."""
        member = self.booking.customer.payload()
        about = {"id": self.membership, "community": self.community, "member": member}
        return {
            "id": self.id,
            "type": self.kind.replace("_", "."),
            "occurred_at": self.at.isoformat(),
            "membership": about,
        }


class ByIdAlone(Event):
    """An event that names its booking by the id alone."""

    def payload(self) -> Json:
        """Return the event as JSON."""
        return {**super().payload(), "booking": {"id": self.booking.id}}


@dataclass(frozen=True)
class Delivery:
    """One delivery of an event: its path, headers and body."""

    path: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "POST"

    def to(self, path: str) -> Delivery:
        """Return the delivery with another path."""
        return replace(self, path=path)


def sign_delivery(
    path: str, secret: str | None, event_id: str, body: bytes, at: datetime
) -> Delivery:
    """Return a delivery of a body at an instant, signed unless the secret is None."""
    headers = {"content-type": "application/json"}
    if secret is None:
        return Delivery(path, body, headers)
    return Delivery(path, body, {**headers, **signed(secret, event_id, body, at)})


def encoded(payload: Json) -> bytes:
    """Return an event's JSON as bytes."""
    return json.dumps(payload, ensure_ascii=False).encode()


class EventFormat(Protocol):
    """How a platform tells events to a connection."""

    def can_send(self, kind: str) -> bool:
        """Say whether there is a way to tell this kind."""

    def confirms(self, kind: str) -> bool:
        """Say whether telling this kind tells as well that a booking is confirmed."""

    def replace_secret(self, before: str, after: str) -> None:
        """Take it that the owner has put another secret in the place of one."""

    def renamed(self, booking: Booking, event_id: str) -> Booking:
        """Return a changed booking by the id that it has from now on."""

    def deliveries(
        self, event: Event, connection: Connection, at: datetime
    ) -> list[Delivery]:
        """Return the calls that tell an event, signed at an instant."""

    def proof(
        self, event_id: str, body: bytes, connection: Connection, at: datetime
    ) -> dict[str, str]:
        """Return the headers that prove to a connection who sent a body."""


class StandardFormat:
    """The reference service's own format, signed as Standard Webhooks."""

    def can_send(self, kind: str) -> bool:
        """Tell every kind."""
        return bool(kind)

    def confirms(self, kind: str) -> bool:
        """Say so of a confirmation alone."""
        return kind == "confirmed"

    def replace_secret(self, before: str, after: str) -> None:
        """Change nothing: each connection carries the secret of its own."""

    def renamed(self, booking: Booking, _event_id: str) -> Booking:
        """Keep the id."""
        return booking

    def deliveries(
        self, event: Event, connection: Connection, at: datetime
    ) -> list[Delivery]:
        """Return the one call that tells an event."""
        body, to = encoded(event.payload()), connection
        return [sign_delivery(to.path, to.secret, event.id, body, at)]

    def proof(
        self, event_id: str, body: bytes, connection: Connection, at: datetime
    ) -> dict[str, str]:
        """Return the headers of Standard Webhooks; none without a secret."""
        secret = connection.secret
        return {} if secret is None else signed(secret, event_id, body, at)
