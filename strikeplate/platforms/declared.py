"""A booking platform that speaks as a profile's `[events]` and `[signature]` say.

An event of a booking becomes one call or several (a change that is told as a
cancellation and a new booking), each rendered from its template and signed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from strikeplate.platforms.signatures import sign
from strikeplate.profiles.templates import Mistake, Namespace, render, shaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from strikeplate.profiles.shape import Event as Told
    from strikeplate.profiles.shape import Events, Kind, Resource, Signature


@dataclass(frozen=True)
class Customer:
    """Who booked."""

    id: str
    name: str
    email: str
    phone: str
    language: str = "en"


@dataclass(frozen=True)
class Booking:
    """A resource, by the name that the profile gives it, from start to end."""

    id: str
    resource: str
    start: datetime
    end: datetime
    customer: Customer


@dataclass(frozen=True)
class Happening:
    """Something that happened to a booking; `previous` is what it was before."""

    id: str
    kind: Kind
    at: datetime
    booking: Booking
    previous: Booking | None = None


@dataclass(frozen=True)
class Request:
    """One call to the subject."""

    method: str
    url: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Speech:
    """How events are told: their templates, the resources they name, the signature."""

    events: Events
    signature: Signature
    resources: Mapping[str, Resource]
    secret: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    def can_say(self, kind: Kind) -> bool:
        """Say whether the format has a way to tell this kind."""
        told = self.events.of(kind)
        return told is not None and all(self.can_say(each) for each in told.told_as)

    def changed(self, booking: Booking, event_id: str) -> Booking:
        """Return a changed booking as the platform names it from now on.

        One that tells a change as a cancellation and a new booking gives it a new id.
        """
        told = self.events.changed
        if told is None or not told.new_id:
            return booking
        return replace(booking, id=f"{booking.id}-{event_id}")

    def requests(
        self, happening: Happening, sent_at: datetime | None = None
    ) -> Iterator[Request]:
        """Yield the calls that tell what happened, signed at `sent_at` or when it was.

        Raises `Mistake` where the format has no way to tell it.
        """
        told = self.events.of(happening.kind)
        if told is None:
            raise Mistake(f"[events] has no {happening.kind!r}")
        if not told.told_as:
            yield self._request(told, happening, sent_at or happening.at)
            return
        for part in _parts(told, happening):
            yield from self.requests(part, sent_at)

    def _request(self, told: Told, happening: Happening, at: datetime) -> Request:
        """Return one call, rendered and signed."""
        seen = self.seen(happening)
        kind = told.content_type or self.events.content_type
        text = "" if told.body is None else render(told.body, seen)
        if told.body is not None:
            shaped(text, kind)
        body = text.encode()
        named = {**self.events.headers, **told.headers}
        headers = {name: render(value, seen) for name, value in named.items()}
        if told.body is not None:
            headers = {"Content-Type": kind, **headers}
        signed = sign(self.signature, self.secret, happening.id, body, at)
        url = render(told.url or self.events.url or "/", seen)
        method = told.method or self.events.method
        return Request(method, url, body, {**headers, **signed})

    def seen(self, happening: Happening) -> dict[str, object]:
        """Return what a template sees of what happened."""
        booking, resource = (
            happening.booking,
            self.resources[happening.booking.resource],
        )
        event = {"id": happening.id, "kind": happening.kind, "at": happening.at}
        before = happening.previous
        return {
            **self.values,
            "event": Namespace("event", event),
            "booking": self._booking(booking),
            "customer": _customer(booking.customer),
            "resource": self._resource(booking.resource),
            "previous": None if before is None else self._booking(before),
            "_zone": resource.zone,
        }

    def _booking(self, booking: Booking) -> Namespace:
        told = {
            "id": booking.id,
            "start": booking.start,
            "end": booking.end,
            "resource": self._resource(booking.resource),
            "customer": _customer(booking.customer),
        }
        return Namespace("booking", told)

    def _resource(self, name: str) -> Namespace:
        found = self.resources[name]
        told = {"name": name, "id": found.id or name, "zone": found.zone}
        return Namespace("resource", {**told, "vendor": found.vendor})


def _customer(customer: Customer) -> Namespace:
    first, _, last = customer.name.partition(" ")
    names = {"first_name": first, "last_name": last or first}
    return Namespace("customer", {**vars(customer), **names})


def _parts(told: Told, happening: Happening) -> Iterator[Happening]:
    """Yield what a kind is told as: what it was ends, what it is now begins."""
    before = happening.previous or happening.booking
    for number, kind in enumerate(told.told_as, 1):
        of = before if kind == "cancelled" else happening.booking
        name = f"{happening.id}-{number}"
        yield replace(happening, id=name, kind=kind, booking=of)
