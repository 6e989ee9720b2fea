"""A run on paper: a stage of two vendors, its play, and doors that open as told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from functools import cache
from typing import TYPE_CHECKING

from loadtests import bookings
from loadtests.audit import Audit
from loadtests.evidence import Post, Row, Rows
from loadtests.house import Letter
from loadtests.stage import Resource, Stage
from strikeplate.dialect import Dialect
from strikeplate.smtp_sink import Mail

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loadtests.audit import Finding
    from loadtests.bookings import Intent
    from strikeplate.booking import Booking

BEGUN = datetime(2026, 12, 1, 8, tzinfo=UTC)
SECRET = "whsec_" + "c3RyYW5nZXJzIGFyZSB3ZWxjb21lIGhlcmUh"
DIALECTS = {
    "acme": Dialect("acme", {"a lock": {}}),
    "mute": Dialect("mute", {"a lock": {}}, final=True),
}


def resource(name: str, vendor: str = "acme", needs: str = "confirmed") -> Resource:
    told = (name, vendor, f"world-{vendor}", f"door-{name}", "Europe/Stockholm", needs)
    return Resource(*told, f"/hooks/{vendor}", SECRET)


RESOURCES = (
    resource("a1"),
    resource("a2"),
    resource("a3", needs="paid"),
    resource("m1", "mute"),
    resource("m2", "mute", "paid"),
)


def stage(shape: str = "steady", seconds: float = 60, rate: float = 10) -> Stage:
    url, day = "http://127.0.0.1:1", date(2026, 12, 3)
    return Stage("run", url, 7, shape, seconds, rate, day, RESOURCES)


@cache
def play(given: Stage | None = None) -> list[Intent]:
    return bookings.play(given or stage(), BEGUN)


def find(vendor: str, *kinds: str) -> Intent:
    """Return an intent of that vendor whose history is exactly this."""
    return next(
        intent
        for intent in play()
        if tuple(event.kind for event in intent.history) == kinds
        and intent.resource.vendor == vendor
        and intent.needs == "confirmed"
    )


@dataclass
class Site:
    """Doors, the fakes' lists and the post of one intent, as each test bends them."""

    intent: Intent
    opening: list[tuple[str, datetime, datetime]] = field(default_factory=list)
    listed: list[Row] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)

    def opens(
        self,
        _resource: Resource,
        code: str,
        at: datetime,
        _beside: Mapping[str, str],
    ) -> bool:
        return any(code == each and a <= at < b for each, a, b in self.opening)

    def give(
        self, code: str, booking: Booking, *, early: timedelta = timedelta()
    ) -> None:
        """Let a code be at the door, opening from the booking's start or before."""
        start, end = booking.start - early, booking.end
        self.opening.append((code, start, end))
        hangs = self.intent.resource.hangs
        for truth in ("cloud", "door"):
            self.listed.append(Row(hangs, code, truth, start, end, BEGUN))

    def tell(self, code: str) -> None:
        """Let a letter with a code arrive."""
        mail = EmailMessage()
        person = self.intent.final.customer
        mail["To"], mail["Subject"] = person.email, "Your code"
        mail.set_content(f"The code is {code}.")
        at = BEGUN + timedelta(seconds=len(self.letters) + 1)
        self.letters.append(Letter(at, Mail(person.email, mail.as_bytes())))

    def audit(self, *untaken: str) -> Audit:
        rows, post = Rows(self.listed), Post(self.letters)
        now = BEGUN + timedelta(seconds=300)
        return Audit(DIALECTS, rows, post, self, BEGUN, now, untaken)

    def findings(self, *untaken: str) -> list[Finding]:
        return self.audit(*untaken).findings([self.intent])

    def hazards(self, *untaken: str) -> list[str]:
        return [finding.hazard for finding in self.findings(*untaken)]
