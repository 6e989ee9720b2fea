"""A lived-in example for `up`: doors of four vendors, rules, bookings, one in trouble.

Invariants: everything goes the way of anybody's booking: signed events to the service,
codes read from messages, typed at doors. It begins two days before the present, and
ends there. Running it twice gives the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import RLock
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from strikeplate.platforms.standard import Booking, Person, encoded, sign_delivery
from strikeplate.subjects import Connection

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from strikeplate.fakes_client import Door, World
    from strikeplate.http import Answer
    from strikeplate.pages.inbox import Inbox
    from strikeplate.platforms.standard import Json
    from strikeplate.subjects.reference import ReferenceOverHttp

BEFORE = timedelta(days=2)
"""How long before the present the example begins."""

OWNER = "owner@example.org"
DAY = timedelta(days=1)


class Resource(NamedTuple):
    """What is booked: its doors of one vendor's, and how its code is sent."""

    name: str
    vendor: str
    doors: tuple[str, ...]
    rule: Mapping[str, object] = MappingProxyType({})
    is_community: bool = False
    """Whether its members may enter while they are members; nobody books it."""

    zone: str = ""
    """That of its place, where it is not its vendor's of `ZONES`."""


ZONES = {
    "igloohome": "Europe/Stockholm",
    "nuki": "Europe/Berlin",
    "exivo": "Europe/Zurich",
    "livionkey": "Europe/Helsinki",
}
RESOURCES = (
    Resource("court-1", "igloohome", ("Court 1",), {"copy_to_owner": True}),
    Resource("office", "igloohome", ("Office keypad",), {"channel": "sms"}),
    Resource("rehearsal-room", "nuki", ("Rehearsal room",)),
    Resource("studio", "nuki", ("Studio",)),
    Resource("meeting-room", "exivo", ("Front door", "Studio 1")),
    Resource("cottage", "livionkey", ("Cottage",)),
    Resource("members", "exivo", ("Front door",), is_community=True),
)


class Example(NamedTuple):
    """One booking: who, what, the day from today, and the local hours."""

    who: str
    language: str
    resource: str
    day: int
    begins: str
    lasts_hours: float


EARLY = (
    Example("Ada Novak", "en", "court-1", -1, "10:00", 2),
    Example("Bo Lindgren", "sv", "rehearsal-room", -1, "16:00", 2),
    Example("Chiara Rossi", "en", "meeting-room", -1, "13:00", 2),
    Example("Dana Koch", "de", "cottage", -1, "15:00", 44),
    Example("Eva Svoboda", "cs", "office", 0, "08:00", 12),
)
LATER = (
    Example("Finn Berg", "sv", "court-1", 0, "09:20", 2),
    Example("Gita Rao", "en", "rehearsal-room", 0, "17:00", 2),
    Example("Hugo Weiss", "de", "court-1", 1, "15:20", 2),
    Example("Ivo Horak", "cs", "meeting-room", 3, "09:00", 3),
    Example("Jana Mala", "cs", "rehearsal-room", 5, "18:00", 1.5),
    Example("Kim Larsen", "en", "cottage", 2, "15:00", 43),
)
TROUBLED = Example("Lea Vogt", "de", "studio", 0, "18:00", 2)


@dataclass
class Live:
    """The example as it stands: connections by resource, doors, bookings by name."""

    service: ReferenceOverHttp
    world: World
    inbox: Inbox
    resources: list[Resource] = field(default_factory=lambda: [*RESOURCES])
    connections: dict[str, Connection] = field(default_factory=dict)
    doors: dict[str, Door] = field(default_factory=dict)
    bookings: dict[str, Booking] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)
    """The ids of bookings that were cancelled."""

    events: int = 0
    lock: AbstractContextManager[object] = field(default_factory=RLock, repr=False)
    """Held while the service is asked for work: by one at a time."""

    def zone(self, resource: str) -> ZoneInfo:
        """Return the zone of a resource."""
        found = next(each for each in self.resources if each.name == resource)
        return ZoneInfo(found.zone or ZONES[found.vendor])

    def add_resource(self, name: str, zone: str, path: str, secret: str) -> None:
        """Have a resource whose events go to a connection that somebody linked."""
        self.resources = [each for each in self.resources if each.name != name]
        self.resources.append(Resource(name, "your own", (), zone=zone))
        self.connections[name] = Connection("", path, secret, self.world)

    def send(self, resource: str, kind: str, about: Json) -> Answer:
        """Send a signed event, now, to the connection of a resource."""
        self.events += 1
        now, _ = self.world.clock()
        event_id = f"evt-{self.events:04}"
        payload = {"id": event_id, "type": kind, "occurred_at": now.isoformat()}
        body = encoded({**payload, **about})
        to = self.connections[resource]
        with self.lock:
            self.world.note(f"Event {kind}", _sentence(resource, about), _id_of(about))
            signed = sign_delivery(to.path, to.secret, event_id, body, now)
            answer = self.service.deliver(signed)
            self.service.run_until_idle()
        return answer

    def send_membership(self, kind: str, name: str, of: str, member: Person) -> Answer:
        """Send an event of a membership; its end needs the id alone."""
        about: Json = {"id": name, "community": of, "member": member.payload()}
        if kind == "ended":
            about = {"id": name}
        return self.send(of, f"membership.{kind}", {"membership": about})

    def follow(self, now: datetime) -> datetime | None:
        """Have the service go to an instant, and return when it has work next."""
        with self.lock:
            return self.service.follow(now)

    def send_booking(self, kind: str, booking: Booking) -> Answer:
        """Send an event of a booking."""
        self.bookings[booking.customer.name] = booking
        about = booking.payload()
        if kind == "cancelled":
            self.cancelled.add(booking.id)
            about = {"id": booking.id}
        return self.send(booking.resource, f"booking.{kind}", {"booking": about})


def _id_of(about: Json) -> str:
    """Return the id of the booking or membership that an event is about."""
    (subject,) = about.values()
    return str(subject["id"])


def _sentence(resource: str, about: Json) -> str:
    (subject,) = about
    return f"Of {subject} {_id_of(about)}, {resource}; sent to the service, signed."


def live_through(live: Live, now: datetime) -> None:
    """Link, set rules, and let two days of bookings pass until the present."""
    for door in live.world.doors():
        live.doors[door.name] = door
    _set_up(live)
    for number, each in enumerate(EARLY, 1001):
        live.send_booking("confirmed", _booking(live, each, number, now))
    _type(live, "Ada Novak", "Court 1", now)
    _type(live, "Dana Koch", "Cottage", now)
    _type(live, "Bo Lindgren", "Rehearsal room", now)
    for number, each in enumerate(LATER, 1006):
        live.send_booking("confirmed", _booking(live, each, number, now))
    live.world.patch_door(live.doors["Studio"], online=False)
    live.send_booking("confirmed", _booking(live, TROUBLED, 1012, now))
    hugo, jana = live.bookings["Hugo Weiss"], live.bookings["Jana Mala"]
    later = timedelta(hours=1)
    live.send_booking("changed", hugo.moved(to=(hugo.start + later, hugo.end + later)))
    live.send_booking("cancelled", jana)
    live.world.move(now)


def _set_up(live: Live) -> None:
    """Link a connection of each vendor, and make the rule of each resource."""
    admin, linked = live.service.admin, {}
    for vendor, zone in ZONES.items():
        linked[vendor] = admin.link(live.world, vendor, zone, OWNER)
    for each in RESOURCES:
        doors = [live.doors[name] for name in each.doors]
        connection = live.connections[each.name] = linked[each.vendor]
        if each.is_community:
            ids = admin.lock_ids(connection, *doors)
            admin.add_rule(connection, {"community": each.name, "locks": ids})
        else:
            admin.create_rule(connection, each.name, *doors, **each.rule)


def _booking(live: Live, each: Example, number: int, now: datetime) -> Booking:
    """Return a booking; its day is counted from today at its place."""
    zone = live.zone(each.resource)
    hour, minute = map(int, each.begins.split(":"))
    start = (now.astimezone(zone) + each.day * DAY).replace(
        hour=hour, minute=minute, second=0, microsecond=0
    )
    end = (start + timedelta(hours=each.lasts_hours)).astimezone(zone)
    name = each.who.partition(" ")[0].lower()
    phone = f"+4670174{number % 10000:04}"
    who = Person(each.who, f"{name}@example.org", phone, each.language)
    return Booking(f"B-{number}", each.resource, start, end, who)


def _type(live: Live, who: str, door: str, now: datetime) -> None:
    """Have a customer type the code of their message, half an hour after the start."""
    booking = live.bookings[who]
    at = booking.start + timedelta(minutes=30)
    if at >= now:
        return
    live.world.move(max(at, live.world.clock()[0]))
    for message in live.inbox.newest_first():
        if message.to == booking.customer.email and message.codes:
            live.world.enter_code(live.doors[door], message.codes[0].code)
            return
