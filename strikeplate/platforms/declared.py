"""A booking platform that speaks as a profile's `[events]` and `[signature]` say.

An event of a booking becomes one call or several (a change that is told as a
cancellation and a new booking), each rendered from its template and signed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from strikeplate.platforms.signatures import sign
from strikeplate.platforms.standard import Delivery
from strikeplate.profiles.shape import KINDS
from strikeplate.profiles.templates import Mistake, Namespace, render, shaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from strikeplate.platforms.standard import Booking, Event, Person
    from strikeplate.profiles.shape import Event as Shape
    from strikeplate.profiles.shape import Events, Kind, Resource, Signature


@dataclass(frozen=True)
class Speech:
    """How events are told: their templates, the resources they name, the signature."""

    events: Events
    signature: Signature
    resources: Mapping[str, Resource]
    secret: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    """The declared name of a resource, where the scenario has another for it."""

    replaced: Mapping[str, str] = field(default_factory=dict)
    """The secret that its owner has put in the place of another."""

    def can_send(self, kind: Kind) -> bool:
        """Say whether the format has a way to tell this kind."""
        declared = self.events.of(kind)
        return declared is not None and all(
            self.can_send(each) for each in declared.sent_as
        )

    def confirms(self, kind: Kind) -> bool:
        """Say whether this kind is told as, or just like, a confirmation."""
        declared = self.events.of(kind)
        told = declared.sent_as if declared else []
        return "confirmed" in told or declared == self.events.confirmed

    def renamed(self, booking: Booking, event_id: str) -> Booking:
        """Return a changed booking as the platform names it from now on.

        One that tells a change as a cancellation and a new booking gives it a new id.
        """
        declared = self.events.changed
        if declared is None or not declared.new_id:
            return booking
        return replace(booking, id=f"{booking.id}-{event_id}")

    def requests(
        self, event: Event, sent_at: datetime | None = None
    ) -> Iterator[Delivery]:
        """Yield the calls that tell what happened, signed at `sent_at` or when it was.

        Raises `Mistake` where the format has no way to tell it.
        """
        declared = self.events.of(kind_of(event.kind))
        if declared is None:
            raise Mistake(f"[events] has no {event.kind!r}")
        if not declared.sent_as:
            yield self._request(declared, event, sent_at or event.at)
            return
        for part in _parts(declared, event):
            yield from self.requests(part, sent_at)

    def _request(self, declared: Shape, event: Event, at: datetime) -> Delivery:
        """Return one call, rendered and signed."""
        seen = self.seen(event)
        kind = declared.content_type or self.events.content_type
        text = "" if declared.body is None else render(declared.body, seen)
        if declared.body is not None:
            shaped(text, kind)
        body = text.encode()
        named = {**self.events.headers, **declared.headers}
        headers = {name: render(value, seen) for name, value in named.items()}
        if declared.body is not None:
            headers = {"Content-Type": kind, **headers}
        proof = sign(
            self.signature, self.secret_for(event.booking.resource), event.id, body, at
        )
        url = render(declared.url or self.events.url or "/", seen)
        method = declared.method or self.events.method
        return Delivery(url, body, {**headers, **proof}, method)

    def secret_for(self, resource: str) -> str:
        """Return what events of a resource are signed with."""
        own, secret = self.signature.secret, self.secret
        if own is not None:
            of = self._resource(resource)
            secret = render(own, {**self.values, "resource": of})
        return self.replaced.get(secret, secret)

    def seen(self, event: Event) -> dict[str, object]:
        """Return what a template sees of what happened."""
        booking = event.booking
        said = {"id": event.id, "kind": event.kind, "at": event.at}
        before = event.previous
        return {
            **self.values,
            "event": Namespace("event", said),
            "booking": self._booking(booking),
            "customer": _customer(booking.customer),
            "resource": self._resource(booking.resource),
            "previous": None if before is None else self._booking(before),
            "_zone": self._zone(booking.resource),
        }

    def _booking(self, booking: Booking) -> Namespace:
        facts = {
            "id": booking.id,
            "start": booking.start,
            "end": booking.end,
            "resource": self._resource(booking.resource),
            "customer": _customer(booking.customer),
            "standard": {
                **booking.payload(),
                "resource": self._resource(booking.resource)["id"],
            },
        }
        return Namespace("booking", facts)

    def _resource(self, name: str) -> Namespace:
        """Return a resource; one that is not declared goes by its name alone."""
        found = self.resources.get(name)
        facts = {
            "name": self.names.get(name, name),
            "id": (found and found.id) or name,
            "zone": self._zone(name),
            "vendor": found.vendor if found else "",
        }
        return Namespace("resource", facts)

    def _zone(self, name: str) -> str:
        """Return where a resource is; the first one's zone where it is not declared."""
        first = next(iter(self.resources.values()), None)
        found = self.resources.get(name, first)
        return found.zone if found else "UTC"


def kind_of(word: str) -> Kind:
    """Return the kind of event that a word names."""
    for kind in KINDS:
        if kind == word:
            return kind
    raise Mistake(f"no profile can tell {word!r}; known: {', '.join(KINDS)}")


def _customer(customer: Person) -> Namespace:
    first, _, last = customer.name.partition(" ")
    names = {"first_name": first, "last_name": last or first}
    facts = {**vars(customer), "id": customer.id}
    return Namespace("customer", {**facts, **names})


def _parts(declared: Shape, event: Event) -> Iterator[Event]:
    """Yield what a kind is told as: what it was ends, what it is now begins."""
    before = event.previous or event.booking
    for number, kind in enumerate(declared.sent_as, 1):
        of = before if kind == "cancelled" else event.booking
        name = f"{event.id}-{number}"
        yield replace(event, id=name, kind=kind, booking=of)
