"""The examples, each with what it opens and how it is told of a booking."""

from __future__ import annotations

import json
import re
import shutil
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import requests
from standardwebhooks import Webhook

from strikeplate.processes import free_port
from tests.examples.world import ROOT, Program, eventually

if TYPE_CHECKING:
    from pathlib import Path

    from strikeplate.smtp_sink import SmtpSink
    from tests.examples.message_sink import MessageSink
    from tests.examples.world import World

SECRET = "whsec_" + "c3RyaWtlcGxhdGUgZXhhbXBsZSBzZWNyZXQ="
RESOURCES = ("court-1", "court-2")
NODE = shutil.which("node")
NO_NODE = "node is missing, so its example is not run; as root: apt-get install nodejs"
MINUTE = timedelta(minutes=1)
NUMBERS = count(2)  # days ahead: each booking of the session has a day of its own


@dataclass(frozen=True)
class Booking:
    """A booking as the platform has it."""

    id: str
    start: datetime
    end: datetime
    resource: str = "court-1"

    @property
    def email(self) -> str:
        """Whom the code goes to; each booking has a customer of its own."""
        return f"{self.id.lower()}@example.org"

    def moved(self, by: timedelta) -> Booking:
        """Return it at another time."""
        return replace(self, start=self.start + by, end=self.end + by)


@dataclass
class Sinks:
    """Where messages arrive."""

    smtp: SmtpSink
    http: MessageSink


class Example:
    """An integration that runs, with two doors in a world of its own."""

    vendor: str
    zone: str
    widened = False  # whether its codes cover whole hours
    revocable = True
    repeats: tuple[str, str]  # the call that makes a code, as method and path
    takes_back: tuple[str, str]  # and the one that takes it back
    counted_by = "ref"  # what tells two codes apart

    def __init__(self, world: World, sinks: Sinks, folder: Path) -> None:
        self.world, self.sinks = world, sinks
        self.doors = {
            name: world.add_door(self.vendor, name, self.zone) for name in RESOURCES
        }
        self.moments = count()
        example = str(ROOT / "examples" / f"{self.vendor}.py")
        self.command = getattr(self, "command", (sys.executable, example))
        self.program = self._program(folder)

    def _program(self, folder: Path) -> Program:
        port = free_port()
        given = {
            "PORT": str(port),
            "SMTP": f"127.0.0.1:{self.sinks.smtp.port}",
            "DATABASE": str(folder / f"{type(self).__name__}.db"),
            "WEBHOOK_SECRET": SECRET,
            "RESOURCES": self.places,
            "RETRY_SECONDS": "0.05",
        }
        for name, value in self.world.credentials[self.vendor].items():
            given[f"{self.vendor}_{name}".upper()] = value
        given |= self.settings(folder)
        log = folder / f"{type(self).__name__}.log"
        return Program(self.command, given, port, log)

    def settings(self, folder: Path) -> dict[str, str]:
        """Return what this one alone is told by its environment."""
        del folder
        return {}

    @property
    def places(self) -> str:
        """What it is told of all of its doors."""
        return json.dumps({name: self.place(door) for name, door in self.doors.items()})

    def place(self, door: dict[str, Any]) -> dict[str, str]:
        """Return what it is told of a door."""
        return {"lock": door["vendor_id"], "zone": self.zone}

    def booking(self) -> Booking:
        """Return a booking that nobody has heard of."""
        number = next(NUMBERS)
        day = datetime.now(ZoneInfo(self.zone)).date() + timedelta(days=number)
        start, end = (
            datetime.combine(day, time(hour, 20), ZoneInfo(self.zone))
            for hour in (15, 17)
        )
        return Booking(f"B-{number}x", start, end)

    def event(self, kind: str, booking: Booking) -> dict[str, Any]:
        """Return what the platform says of a booking now."""
        happened = datetime.now(UTC) + timedelta(milliseconds=next(self.moments))
        customer = {"name": "Ada Novak", "email": booking.email, "language": "en"}
        content = {"id": booking.id}
        if kind != "cancelled":
            times = {"start": booking.start, "end": booking.end}
            content |= {name: at.isoformat() for name, at in times.items()}
            content |= {"resource": booking.resource, "customer": customer}
        return {
            "id": f"evt_{next(self.moments)}",
            "type": f"booking.{kind}",
            "occurred_at": happened.isoformat(),
            "booking": content,
        }

    def send(self, event: dict[str, Any], secret: str = SECRET) -> requests.Response:
        """Deliver an event, signed."""
        body, now = json.dumps(event), datetime.now(UTC)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": event["id"],
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(secret).sign(event["id"], now, body),
        }
        url = f"http://127.0.0.1:{self.program.port}/webhooks/bookings"
        return requests.post(url, body, headers=headers, timeout=10)

    def deliver(self, kind: str, booking: Booking) -> None:
        """Deliver an event and see it taken."""
        answer = self.send(self.event(kind, booking))
        assert answer.ok, answer.text

    def messages(self, booking: Booking) -> list[str]:
        """Return what the customer of a booking has got."""
        given = [*self.sinks.smtp, *self.sinks.http.messages]
        return [each.text for each in given if each.to == booking.email]

    def message(self, booking: Booking, number: int = 1) -> str:
        """Return the customer's message of a number, once it is there."""

        def arrived() -> list[str]:
            return self.messages(booking)[number - 1 :]

        text: str = eventually(arrived, f"message {number} on {booking.id}")[0]
        return text

    def pass_by(self) -> None:
        """Return once it has looked at everything that it was told so far."""
        later = self.booking()
        self.deliver("confirmed", later)
        self.message(later)

    def typed(self, message: str) -> dict[str, str]:
        """Return what a customer types who has read a message."""
        (code,) = re.findall(r"\b\d{6,10}\b", message)
        return {"code": code}

    def opens(self, message: str, at: datetime, resource: str = "court-1") -> bool:
        """Whether what a message says would open a door at a moment."""
        door = self.doors[resource]["id"]
        return self.world.opens(door, at, **self.typed(message))

    def opens_exactly(self, message: str, booking: Booking) -> bool:
        """Whether a message opens the booked door for the booked time, and no other."""
        start, end = booking.start, booking.end
        if self.widened:
            start, end = start.replace(minute=0), end.replace(minute=0) + 60 * MINUTE
        tries = {
            start: True,
            end - MINUTE: True,
            start - MINUTE: False,
            end + MINUTE: False,
        }
        other = next(name for name in RESOURCES if name != booking.resource)
        return not self.opens(message, start + MINUTE, other) and all(
            self.opens(message, at, booking.resource) is due
            for at, due in tries.items()
        )

    def codes(self, booking: Booking) -> set[str]:
        """Return the codes that the vendor made for the day of a booking."""
        day = booking.start.astimezone(UTC).date().isoformat()
        listed = self.world.call("GET", "/codes")
        return {
            each[self.counted_by]
            for each in listed
            if (each["valid_from"] or "").startswith(day)
        }


class Igloohome(Example):
    """Whole hours, and nothing taken back."""

    vendor, zone = "igloohome", "Europe/Stockholm"
    widened, revocable = True, False
    repeats = ("POST", "*/algopin/*")
    counted_by = "code"  # asked again it is the same PIN, under another id


class Nuki(Example):
    """Codes that the lock has to confirm."""

    vendor, zone = "nuki", "Europe/Berlin"
    repeats = ("PUT", "*/auth")
    takes_back = ("DELETE", "*/auth/*")


class Exivo(Example):
    """A link and a PIN."""

    vendor, zone = "exivo", "Europe/Zurich"
    repeats = ("POST", "*/visit")
    takes_back = ("POST", "*/revoke")

    def place(self, door: dict[str, Any]) -> dict[str, str]:
        """Return what it is told of a door."""
        return {"door": door["vendor_id"], "zone": self.zone}

    def typed(self, message: str) -> dict[str, str]:
        """Return link and PIN."""
        found = re.search(r"(http\S+) .* PIN (\d{6})", message)
        assert found, message
        return {"link": found[1], "code": found[2]}


class Livionkey(Example):
    """A key of a cabinet."""

    vendor, zone = "livionkey", "Europe/Helsinki"
    repeats = ("POST", "/contracts")
    takes_back = ("DELETE", "/contracts/*")

    def place(self, door: dict[str, Any]) -> dict[str, str]:
        """Return what it is told of a cabinet."""
        key = door["slots"][0]["key"]
        return {"device": door["vendor_id"], "key": key, "zone": self.zone}


class NodeNuki(Nuki):
    """Unsigned events with local times; messages are posted."""

    command = (NODE or "node", str(ROOT / "examples" / "node-nuki" / "server.js"))

    def settings(self, folder: Path) -> dict[str, str]:
        """Return what this one alone is told by its environment."""
        return {
            "SPACES": self.places,
            "MESSAGES_URL": self.sinks.http.url,
            "STATE": str(folder / "reservations.json"),
            "POLL_MS": "50",
        }

    def event(self, kind: str, booking: Booking) -> dict[str, Any]:
        """Return the event in the platform's own shape."""
        kinds = {"confirmed": "created", "changed": "updated", "cancelled": "deleted"}
        times = {"begins": booking.start, "finishes": booking.end}
        zone = ZoneInfo(self.zone)
        data: dict[str, Any] = {"reservation": booking.id}
        if kind != "cancelled":
            data |= {n: f"{at.astimezone(zone):%F %R}" for n, at in times.items()}
            data |= {"space": booking.resource, "guest": {"mail": booking.email}}
        revision = next(self.moments) + 1
        return {
            "event": f"reservation.{kinds[kind]}",
            "revision": revision,
            "data": data,
        }

    def send(self, event: dict[str, Any], secret: str = "") -> requests.Response:
        """Deliver an event."""
        del secret
        url = f"http://127.0.0.1:{self.program.port}/hooks/reservations"
        return requests.post(url, json=event, timeout=10)


class RestLivionkey(Livionkey):
    """No events: the platform calls, and an answer means that it is done."""

    command = (
        sys.executable,
        str(ROOT / "examples" / "rest_livionkey" / "server.py"),
    )

    def settings(self, folder: Path) -> dict[str, str]:
        """Return what this one alone is told by its environment."""
        del folder
        return {"UNITS": self.places, "API_TOKEN": SECRET}

    def event(self, kind: str, booking: Booking) -> dict[str, Any]:
        """Return the call: whether it deletes, of what, with which body."""
        times = {"arrival": booking.start, "departure": booking.end}
        return {
            "method": "DELETE" if kind == "cancelled" else "PUT",
            "reservation": booking.id,
            "body": {
                "version": next(self.moments),
                "unit": booking.resource,
                "email": booking.email,
                **{name: at.isoformat() for name, at in times.items()},
            },
        }

    def send(self, event: dict[str, Any], secret: str = SECRET) -> requests.Response:
        """Make the call."""
        path = f"/reservations/{event['reservation']}"
        return requests.request(
            event["method"],
            f"http://127.0.0.1:{self.program.port}{path}",
            json=None if event["method"] == "DELETE" else event["body"],
            headers={"Authorization": f"Bearer {secret}"},
            timeout=10,
        )


SIGNED = {each.__name__: each for each in (Igloohome, Nuki, Exivo, Livionkey)}
FOREIGN = {each.__name__: each for each in (NodeNuki, RestLivionkey)}
EXAMPLES: dict[str, type[Example]] = SIGNED | FOREIGN
