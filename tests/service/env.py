"""The service over a real store, with a stub vendor and a stub outbox.

It speaks in bookings and codes, so that tests read as what happens to a customer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from service.app import Service
from service.clock import now
from service.domain.booking import Customer, Details, Event, EventType, membership_of
from service.ids import new_id
from service.settings import Settings
from service.store import accesses, connections, leases, locks, messages, rules
from service.store.rules import StoredRule
from service.use_cases.connections import CreateConnection, connect
from service.use_cases.receive_event import IncomingEvent, Receipt, receive
from tests.service.conftest import KEY
from tests.service.stub_vendor import PASSWORD, StubOutbox, StubVendor

if TYPE_CHECKING:
    from service.store.accesses import Access
    from service.store.connections import Connection
    from service.store.locks import Lock
    from service.store.messages import Message

ADA = Customer("Ada Novak", "ada@example.org", "+46701234567", "en")
THREE = datetime(2026, 12, 1, 15, tzinfo=UTC)
FIVE = datetime(2026, 12, 1, 17, tzinfo=UTC)


def _about(ref: str) -> str:
    return "booking" if membership_of(ref) is None else "membership"


@dataclass
class ServiceEnv:
    """The service of one connection, and what its customers and doors see.

    With `sharing` it is one more connection of that environment's service.
    """

    database_url: str
    stub_vendor: StubVendor = field(default_factory=StubVendor)
    outbox: StubOutbox = field(default_factory=StubOutbox)
    workers: int = 0
    mail_html: bool = False
    sharing: ServiceEnv | None = None

    def __post_init__(self) -> None:
        self._numbers = count(1)
        self.service = self.sharing.service if self.sharing else self._open()
        request = CreateConnection(
            "stub", "Club", "UTC", {"password": PASSWORD}, "owner@example.org"
        )
        self.connection, self.signing_secret = connect(
            self.service.deps, request, now()
        )
        found = self._read(lambda tx: locks.of_connection(tx, self.connection.id))
        self.locks: dict[str, Lock] = {lock.vendor_id: lock for lock in found}

    def restart(self) -> None:
        """Begin anew on the same database, as after a crash."""
        self.service.close()
        self.service = self._open()

    def rule(self, *vendor_ids: str, resource: str = "court-1", **terms: Any) -> str:
        """Have the resource open the locks; return the rule's id."""
        plain = {
            "trigger": "confirmed",
            "channel": "email",
            "send_hours_before": None,
            "margin_before_hours": 0,
            "margin_after_hours": 0,
            "copy_to_owner": False,
        }
        rule = StoredRule(
            id=new_id("rule", now()),
            connection_id=self.connection.id,
            resource=resource,
            locks=[self.locks[each].id for each in vendor_ids or ("front",)],
            **(plain | terms),
        )
        self.service.deps.store.write(lambda tx: rules.GATEWAY.add(tx, rule))
        return rule.id

    def event(self, kind: str, ref: str = "B-1", **about: Any) -> Event:
        """Return an event about the booking, 15:00 to 17:00 unless said otherwise."""
        number = next(self._numbers)
        details = Details(
            resource=about.pop("resource", "court-1"),
            start=about.pop("start", THREE),
            end=about.pop("end", FIVE),
            customer=about.pop("customer", ADA),
        )
        plain = {"id": f"evt_{number}", "occurred_at": now()}
        return Event(
            **(plain | about),
            type=EventType(f"{_about(ref)}.{kind}"),
            ref=ref,
            details=details,
        )

    def deliver(self, event: Event) -> Receipt:
        """Return what the sender of the event is told."""
        return receive(self.service.deps.store, self.delivery(event))

    def delivery(self, event: Event) -> IncomingEvent:
        """Return the event as it comes in at the connection."""
        return IncomingEvent(
            connection=self._read(lambda tx: connections.get(tx, self.connection.id)),
            content=repr(event),
            received_at=now(),
            event=event,
        )

    def send_event(self, kind: str, ref: str = "B-1", **about: Any) -> Receipt:
        """Deliver a new event about the booking."""
        return self.deliver(self.event(kind, ref, **about))

    def work(self) -> int:
        """Do everything that is due now."""
        return self.service.work()

    def accesses(self, ref: str = "B-1") -> list[Access]:
        """Return the booking's accesses."""
        return self._read(lambda tx: accesses.of_booking(tx, self.connection.id, ref))

    def access(self, ref: str = "B-1") -> Access:
        """Return the booking's one access that is still wanted."""
        (access,) = (each for each in self.accesses(ref) if each.wanted)
        return access

    def access_of_any(self, ref: str = "B-1") -> Access:
        """Return the booking's one access, wanted or not."""
        (access,) = self.accesses(ref)
        return access

    def next_try_at(self, ref: str = "B-1") -> datetime:
        """Return when the vendor is asked again for the booking's one access."""
        next_try_at = self.access_of_any(ref).next_try_at
        assert next_try_at is not None
        return next_try_at

    def pin(self, access: Access) -> str:
        """Return the access's code."""
        return self.service.deps.store.vault.open(access.sealed_pin or "").reveal()

    def messages(self, ref: str = "B-1") -> list[Message]:
        """Return the booking's messages."""
        return self._read(lambda tx: messages.of_booking(tx, self.connection.id, ref))

    def queue_stats(self) -> leases.QueueStats:
        """Return how much work there is."""
        return self._read(lambda tx: leases.queue_stats(tx, now()))

    def reload_connection(self) -> Connection:
        """Return the connection as it stands now."""
        return self._read(lambda tx: connections.get(tx, self.connection.id))

    def close(self) -> None:
        """Stop."""
        self.service.close()

    def _open(self) -> Service:
        settings = Settings(
            database_url=self.database_url,
            secret_key=KEY,
            workers=self.workers,
            mail_html=self.mail_html,
            sms_gateway="{phone}@sms.example.org",
            mail_from="doors@example.org",
        )
        return Service(settings, {"stub": self.stub_vendor}, self.outbox)

    def _read(self, work: Any) -> Any:
        return self.service.deps.store.read(work)
