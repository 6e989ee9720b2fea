"""A sample run in memory: a plan of two vendors, its workload, and scripted doors."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from functools import cache
from typing import TYPE_CHECKING

from loadtests.audit import Audit, CodeListing, ListedCode, Mailboxes
from loadtests.target import ReceivedMail
from loadtests.workload import LoadPlan, Resource, generate_workload
from strikeplate.smtp_sink import Mail
from strikeplate.vocabulary import VendorVocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from loadtests.audit import Finding
    from loadtests.workload import BookingScript
    from strikeplate.platforms.standard import Booking

BEGUN = datetime(2026, 12, 1, 8, tzinfo=UTC)
SECRET = "whsec_" + "c3RyYW5nZXJzIGFyZSB3ZWxjb21lIGhlcmUh"
DIALECTS = {
    "acme": VendorVocabulary("acme", {"a lock": {}}),
    "mute": VendorVocabulary("mute", {"a lock": {}}, final=True),
}


def resource(name: str, vendor: str = "acme", trigger: str = "confirmed") -> Resource:
    fields = (
        name,
        vendor,
        f"world-{vendor}",
        f"door-{name}",
        "Europe/Stockholm",
        trigger,
    )
    return Resource(*fields, f"/hooks/{vendor}", SECRET)


RESOURCES = (
    resource("a1"),
    resource("a2"),
    resource("a3", trigger="paid"),
    resource("m1", "mute"),
    resource("m2", "mute", "paid"),
)


def plan(shape: str = "steady", seconds: float = 60, rate: float = 10) -> LoadPlan:
    url, day = "http://127.0.0.1:1", date(2026, 12, 3)
    return LoadPlan("run", url, 7, shape, seconds, rate, day, RESOURCES)


@cache
def workload(given: LoadPlan | None = None) -> list[BookingScript]:
    return generate_workload(given or plan(), BEGUN)


def find(vendor: str, *kinds: str) -> BookingScript:
    """Return a script of that vendor with exactly these events."""
    return next(
        script
        for script in workload()
        if tuple(event.kind for event in script.history) == kinds
        and script.resource.vendor == vendor
        and script.trigger == "confirmed"
    )


@dataclass
class Site:
    """Doors, listed codes and mails of one booking, as each test sets them."""

    script: BookingScript
    opening: list[tuple[str, datetime, datetime]] = field(default_factory=list)
    listed: list[ListedCode] = field(default_factory=list)
    mails: list[ReceivedMail] = field(default_factory=list)

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
        door_ref = self.script.resource.door_ref
        for truth in ("cloud", "door"):
            self.listed.append(ListedCode(door_ref, code, truth, start, end, BEGUN))

    def receive_code(self, code: str) -> None:
        """Let a mail with a code arrive."""
        mail = EmailMessage()
        person = self.script.final.customer
        mail["To"], mail["Subject"] = person.email, "Your code"
        mail.set_content(f"The code is {code}.")
        at = BEGUN + timedelta(seconds=len(self.mails) + 1)
        self.mails.append(ReceivedMail(at, Mail(person.email, mail.as_bytes())))

    def audit(self, *unaccepted: str) -> Audit:
        listing, mailboxes = CodeListing(self.listed), Mailboxes(self.mails)
        now = BEGUN + timedelta(seconds=300)
        return Audit(DIALECTS, listing, mailboxes, self, BEGUN, now, unaccepted)

    def findings(self, *unaccepted: str) -> list[Finding]:
        return self.audit(*unaccepted).findings([self.script])

    def hazards(self, *unaccepted: str) -> list[str]:
        return [finding.hazard for finding in self.findings(*unaccepted)]
