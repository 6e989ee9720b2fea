"""The booking platform of a scenario: its people and bookings, and what it sends.

A booking has a history of events. An event's instant is fixed when it happens, later
than the one before, even if no time passes. It can be delivered late, again, by several
senders at once, or damaged.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from strikeplate.platforms.standard import (
    Booking,
    Delivery,
    Event,
    IdentifiedPerson,
    Person,
)
from strikeplate.verdict import HarnessFault, NotApplicable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from strikeplate.environment import Environment
    from strikeplate.http import Answer
    from strikeplate.subjects import Connection, Subject
    from strikeplate.transcript import Redact, Transcript


class Platform:
    """Bookings and their events, delivered to one subject."""

    def __init__(
        self,
        subject: Subject,
        environment: Environment,
        transcript: Transcript,
        redact: Redact,
    ) -> None:
        self.answers: list[Answer] = []
        self.deliveries: list[Delivery] = []
        self.told_at: datetime | None = None
        self.format = subject.format
        self._subject = subject
        self._environment = environment
        self._transcript = transcript
        self._redact = redact
        self._people: dict[str, Person] = {}
        self._bookings: dict[str, Booking] = {}
        self._connections: dict[str, Connection] = {}
        self._coming: dict[str, tuple[Booking, timedelta | None]] = {}
        self._cancelled: set[str] = set()
        self._previous: dict[str, Booking] = {}
        self._happened = 0
        self._booked = 0
        self.events: list[Event] = []

    @property
    def last(self) -> Answer:
        """The latest answer of the subject."""
        if not self.answers:
            message = "nothing was asked yet, so there is no answer to look at"
            raise HarnessFault(message)
        return self.answers[-1]

    def person(self, name: str) -> Person:
        """Return a customer, with addresses of this scenario alone."""
        if name not in self._people:
            number = len(self._people)
            domain = f"{self._environment.tag}.example.org"
            phone = f"+4670{self._environment.tag.lstrip('s'):0>5}{number:02}"
            self._people[name] = Person(name, f"{name.lower()}@{domain}", phone)
        return self._people[name]

    def set_language(self, name: str, language: str) -> None:
        """Set a customer's language, which the next event of a booking names too."""
        self._people[name] = speaks = replace(self.person(name), language=language)
        if name in self._bookings:
            self._bookings[name] = replace(self._bookings[name], customer=speaks)

    def name_by_id(self, name: str, address_of: str | None = None) -> None:
        """Have events name a customer by an id; the address may be another's."""
        person = self.person(name)
        known = IdentifiedPerson(name, person.email, person.phone, person.language)
        email = self.person(address_of or name).email
        self._people[name] = replace(known, email=email)

    def write_phone(self, name: str, written: str) -> None:
        """Let a customer write a phone number in another way; it is the same."""
        person = self.person(name)
        self._people[name] = replace(person, phone=written, number=person.dialled)

    def correct_address(self, name: str) -> None:
        """Give a customer, and their booking, another mail address and number."""
        person = self.person(name)
        local, _, domain = person.email.partition("@")
        phone = f"{person.dialled[:-2]}{99 - int(person.dialled[-2:]):02}"
        email = f"{local}+new@{domain}"
        corrected = replace(person, email=email, phone=phone, number="")
        self._people[name] = corrected
        self.update(replace(self.booking(name), customer=corrected))

    def rename(self, name: str, ref: str) -> None:
        """Give a customer's booking another id, before it is told of."""
        self._bookings[name] = replace(self.booking(name), id=ref)

    def route_events(self, resource: str, connection: Connection) -> None:
        """Deliver events of a resource to a connection from now on."""
        self._connections[resource] = connection
        self._redact.hide(connection.secret or "")

    def connection(self, resource: str) -> Connection:
        """Return the connection of a resource; the first one if it has none."""
        first = next(iter(self._connections.values()), None)
        found = self._connections.get(resource, first)
        if found is None:
            raise HarnessFault(f"no connection serves {resource}; link one first")
        return found

    def book(self, name: str, resource: str, start: datetime, end: datetime) -> Booking:
        """Create a customer's booking; no event is sent yet."""
        self._booked += 1
        reference = f"B-{self._environment.tag}-{self._booked}"
        begin, over = (at.astimezone(self._environment.zone) for at in (start, end))
        booked = Booking(reference, resource, begin, over, self.person(name))
        self._bookings[name] = booked
        return self._bookings[name]

    def booking(self, name: str) -> Booking:
        """Return a customer's booking, as it is now."""
        if name not in self._bookings:
            raise HarnessFault(f"{name} has booked nothing in this scenario")
        return self._bookings[name]

    def is_cancelled(self, name: str) -> bool:
        """Say whether a customer's booking was cancelled."""
        return self.booking(name).id in self._cancelled

    @property
    def latest(self) -> Booking:
        """The booking that was made last."""
        return self.booking(next(reversed(self._bookings), "nobody"))

    def others(self, name: str) -> list[Person]:
        """Return all customers except one."""
        return [person for each, person in self._people.items() if each != name]

    def update(self, booking: Booking) -> None:
        """Let a booking be what it was changed to."""
        name = booking.customer.name
        self._previous[name] = self.booking(name)
        self._bookings[name] = booking

    def plan_change(self, booking: Booking, after: timedelta | None = None) -> None:
        """Plan a change: the event comes with the booking's history.

        `after` is how soon it happens after the event before it.
        """
        self._coming[booking.customer.name] = booking, after

    def record_event(
        self, kind: str, booking: Booking, after: timedelta | None = None
    ) -> Event:
        """Return a new event of a booking, at the present.

        `after` is how soon it happened after the event before: less than a second.
        """
        self._happened += 1
        at = self._environment.present + timedelta(seconds=self._happened)
        at = at.replace(microsecond=0)
        if after is not None:
            at = self.events[-1].at + after
        name, previous = self._name(self._happened), None
        if not self.format.can_send(kind):
            raise NotApplicable(f"[events] of its profile has no {kind!r}")
        if kind == "changed":
            who = booking.customer.name
            previous = self._previous.get(who)
            booking = self._bookings[who] = self.format.renamed(booking, name)
        if kind == "cancelled":
            self._cancelled.add(booking.id)
        event = Event(name, kind, at, booking, previous)
        self.events.append(event)
        return event

    def history(self, name: str, kinds: Sequence[str]) -> dict[str, Event]:
        """Return a booking's events in their natural order, each kind once."""
        natural = ("confirmed", "paid", "changed", "starting", "cancelled")
        events = {}
        for kind in (kind for kind in natural if kind in kinds):
            after = None
            if kind == "changed" and name in self._coming:
                booking, after = self._coming[name]
                self.update(booking)
            events[kind] = self.record_event(kind, self.booking(name), after)
        return events

    def prepare(self, event: Event, connection: Connection | None = None) -> Delivery:
        """Return an event as it goes out now, to its own connection or another."""
        return self.prepare_all(event, connection)[-1]

    def prepare_all(
        self, event: Event, connection: Connection | None = None
    ) -> list[Delivery]:
        """Return all calls that tell an event: more than one where it takes several."""
        to = connection or self.connection(event.booking.resource)
        return self.format.deliveries(event, to, self._environment.present)

    def deliver_event(self, event: Event) -> Answer:
        """Tell an event, and let the subject do what follows from it."""
        *first, last = self.prepare_all(event)
        for delivery in first:
            self._put(delivery)
        return self.send(last)

    def deliver_in_turn(self, events: Sequence[Event]) -> None:
        """Tell events, one as soon as the subject has dealt with the one before."""
        *first, last = events
        for event in first:
            for delivery in self.prepare_all(event):
                self._put(delivery)
            self._subject.run_until_idle(still=True)
        self.deliver_event(last)

    def send(self, delivery: Delivery) -> Answer:
        """Send a delivery, and let the subject do the work that follows."""
        answer = self._put(delivery)
        self._subject.run_until_idle()
        self._environment.record_vendor_calls()
        return answer

    def send_all(self, deliveries: Sequence[Delivery], senders: int) -> list[Answer]:
        """Send deliveries from several threads at once, then let the subject work."""
        with ThreadPoolExecutor(senders) as pool:
            answers = list(pool.map(self._deliver, deliveries))
        self._keep(answers)
        text = f"{len(deliveries)} deliveries from {senders} senders at once"
        self._transcript.add("caller", text, at=self._environment.now)
        self._subject.run_until_idle()
        self._environment.record_vendor_calls()
        return answers

    def _put(self, delivery: Delivery) -> Answer:
        now = self._environment.now
        self._transcript.add("caller", "tells an event", at=now, data=_shown(delivery))
        answer = self._deliver(delivery)
        self.deliveries.append(delivery)
        self._keep([answer])
        events = answer.json() or answer.text[:200]
        text = f"answers {answer.status}"
        self._transcript.add("service", text, at=now, data=events)
        return answer

    def _deliver(self, delivery: Delivery) -> Answer:
        return self._subject.deliver(delivery)

    def _name(self, number: int) -> str:
        return f"evt-{self._environment.tag}-{number:03}"

    def _keep(self, answers: Sequence[Answer]) -> None:
        self.answers += answers
        self.told_at = self._environment.now


def _shown(delivery: Delivery) -> object:
    text = delivery.body.decode(errors="replace")
    return text if len(text) <= 1000 else f"{len(delivery.body)} bytes"
