"""Premises: the service, the fakes' doors, and one clock for both.

Time moves from one moment at which something is due to the next, on either side, so
things happen in the order in which they would. Webhooks of a lock system reach the
service while `hears` is true.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask
from freezegun import freeze_time
from standardwebhooks import Webhook

from fakes.kit.app import Options, create_app
from fakes.kit.webhooks import PushError
from service.bootstrap import Service
from service.clock import now
from service.secret import Secret
from service.settings import Settings
from service.store import accesses
from service.vendors import open_vendors
from service.web import mount_all
from strikeplate.http import WsgiAdapter
from tests.contracts.conftest import CONTROL, Site
from tests.service.conftest import KEY
from tests.service.stub_vendor import StubOutbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from freezegun.api import FrozenDateTimeFactory

    from fakes.kit.webhooks import Outgoing
    from service.store.accesses import Access

FAKES = "http://fakes"
SEED = "premises"
TOKEN = "t"


class Vendors:
    """The fakes of all premises, which open one after the other: a world for each.

    They are made while the time is still real; what they send goes to whoever is open.
    """

    def __init__(self) -> None:
        self.handle_vendor_webhook: Callable[[Outgoing], int] | None = None
        options = Options(control_token=CONTROL)
        self.network = WsgiAdapter(create_app(options, send=self._send))

    def _send(self, outgoing: Outgoing) -> int:
        if self.handle_vendor_webhook is None:
            raise PushError("nobody is there")
        return self.handle_vendor_webhook(outgoing)


VENDORS = Vendors()


@dataclass
class Premises:
    """One connection of `vendor` and what happens at its doors."""

    clock: FrozenDateTimeFactory
    database_url: str
    vendor: str
    hears: bool = True
    outbox: StubOutbox = field(default_factory=StubOutbox)

    def __post_init__(self) -> None:
        self._numbers = count(1)
        VENDORS.handle_vendor_webhook = self._hear
        self.network = VENDORS.network
        self.site = self._world()
        settings = Settings(
            database_url=self.database_url,
            secret_key=KEY,
            workers=0,
            api_token=Secret(TOKEN),
        )
        vendors = open_vendors(transport=self.network)
        self.service = Service(settings, vendors, self.outbox)
        app = Flask("premises")
        mount_all(app, self.service)
        self.client = app.test_client()

    def connect(self, timezone: str = "Europe/Berlin") -> None:
        """Link the world's account, and switch it on."""
        wish = {
            "vendor": self.vendor,
            "name": "Club",
            "timezone": timezone,
            "credentials": self.site.world["credentials"][self.vendor],
        }
        self.connection = self.api("POST", "/api/connections", **wish)
        self.path = f"/api/connections/{self.connection['id']}"
        self.api("PATCH", self.path, active=True, terms_accepted=True)
        self.locks = {
            lock["vendor_id"]: lock
            for lock in self.api("GET", f"{self.path}/locks")["items"]
        }

    def api(
        self, method: str, path: str, status: int | None = None, **body: Any
    ) -> Any:
        """Return what the service answers."""
        headers = {"Authorization": f"Bearer {TOKEN}"}
        answer = self.client.open(
            path, method=method, headers=headers, json=body or None
        )
        assert answer.status_code == (status or answer.status_code), answer.text
        assert status or answer.status_code < 300, answer.text
        return answer.json

    def rule(self, *doors: Any, **terms: Any) -> Any:
        """Have a resource or a community open the doors."""
        locks = [self.locks[door["vendor_id"]]["id"] for door in doors]
        about = {} if "community" in terms else {"resource": "room"}
        return self.api("POST", f"{self.path}/rules", locks=locks, **about | terms)

    def tell(
        self, kind: str, start: Any, end: Any, ref: str = "B-1", **more: Any
    ) -> Any:
        """Return what the platform is answered about the booking."""
        customer = {"name": "Ada", "email": more.pop("email", "ada@example.org")}
        number = next(self._numbers)
        booking = {"id": ref, "resource": more.pop("resource", "room")}
        booking |= {"start": start.isoformat(), "end": end.isoformat()}
        event = {
            "id": f"evt_{number}",
            "type": f"booking.{kind}",
            "occurred_at": (now() + number * timedelta(microseconds=1)).isoformat(),
            "booking": {**booking, "customer": customer},
        }
        return self._signed(event)

    def member(self, kind: str, ref: str = "M-1", **more: Any) -> Any:
        """Return what the platform is answered about the membership."""
        number = next(self._numbers)
        at = more.pop("at", now()) + number * timedelta(microseconds=1)
        member = {"name": "Bo", "email": "bo@example.org"}
        membership = {"id": ref, "community": more.pop("community", "gold")}
        event = {
            "id": more.pop("event", f"evt_{number}"),
            "type": f"membership.{kind}",
            "occurred_at": at.isoformat(),
            "membership": {**membership, "member": member},
        }
        return self._signed(event)

    def membership(self, ref: str = "M-1") -> Any:
        """Return the membership as the service shows it."""
        return self.api("GET", f"{self.path}/memberships/{ref}")

    def pass_time(self, **span: float) -> datetime:
        """Let time pass: what is due on either side happens at its own moment."""
        end = now() + timedelta(**span)
        while True:
            self.service.work()
            nexts = [self._next_of_service(), self._next_of_fakes(), end]
            at = min(each for each in nexts if each is not None)
            at = max(at, now() + timedelta(milliseconds=1))
            if at > end:
                return now()
            self.clock.move_to(at)
            self.site.turn(at)
            self.service.work()
            if at == end:
                return at

    def go_to(self, at: datetime) -> None:
        """Let time pass until then."""
        self.pass_time(seconds=(at - now()).total_seconds())

    def accesses(self, ref: str = "B-1") -> list[Access]:
        """Return every access of the booking."""
        found = self.connection["id"]
        store = self.service.deps.store
        return store.read(lambda tx: accesses.of_booking(tx, found, ref))

    def access(self, ref: str = "B-1") -> Access:
        """Return the booking's one access that is wanted."""
        (access,) = (each for each in self.accesses(ref) if each.wanted)
        return access

    def pin(self, access: Access) -> str:
        """Return the access's code."""
        return self.service.deps.store.vault.open(access.sealed_pin or "").reveal()

    def at_the_door(self) -> list[str]:
        """Return the codes that the locks themselves have."""
        rows = self.site.ask("GET", "/codes")
        return [row["code"] for row in rows if row["truth"] == "door"]

    def fault(self, method: str, path: str, **more: Any) -> None:
        """Have calls of the vendor go wrong."""
        plain = {"vendor": self.vendor, "method": method, "path": path}
        self.site.ask("POST", "/faults", **plain, **({"phase": "before"} | more))

    def close(self) -> None:
        """End it all."""
        self.service.close()
        VENDORS.handle_vendor_webhook = None
        self.site.ask("DELETE", "")

    def _world(self) -> Site:
        http = requests.Session()
        http.trust_env = False
        http.mount("http://", self.network)
        http.headers["Authorization"] = f"Bearer {CONTROL}"
        wish = {"now": now().isoformat(), "portfolio": "empty", "seed": SEED}
        made = http.post(f"{FAKES}/_sim/worlds", json=wish)
        world = made.json()
        base = world["credentials"][self.vendor]
        for name in [each for each in base if each.endswith("_url")]:
            base[name] = FAKES + urlsplit(base[name]).path
        return Site(FAKES, http, world)

    def _hear(self, outgoing: Outgoing) -> int:
        if not self.hears:
            raise PushError("nobody listens")
        path = urlsplit(outgoing.url).path
        answer = self.client.post(path, data=outgoing.body, headers=outgoing.headers)
        return answer.status_code

    def _signed(self, event: dict[str, Any]) -> Any:
        body, at = json.dumps(event), now()
        key = self.connection["webhook_url"].rpartition("/")[2]
        signature = Webhook(self.connection["webhook_secret"]).sign(
            event["id"], at, body
        )
        headers = {
            "webhook-id": event["id"],
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": signature,
            "content-type": "application/json",
        }
        answer = self.client.post(f"/webhooks/{key}", data=body, headers=headers)
        assert answer.status_code == 202, answer.text
        return answer.json

    def _next_of_service(self) -> datetime | None:
        return self.service.queue_stats().next_at

    def _next_of_fakes(self) -> datetime | None:
        at = self.site.ask("GET", "/clock")["next_at"]
        return datetime.fromisoformat(at) if at else None


def standing(start: datetime) -> Any:
    """Return the fixture of a clock that stands still at `start`, and is moved."""

    @pytest.fixture(scope="module")
    def still() -> Iterator[Any]:
        with freeze_time(start) as clock:
            yield clock

    return still


def opened(vendor: str, start: datetime) -> Any:
    """Return the fixture of premises that open at `start`, on the clock `still`."""

    @pytest.fixture
    def place(still: Any, sqlite_url: str) -> Iterator[Premises]:
        still.move_to(start)
        premises = Premises(still, sqlite_url, vendor)
        yield premises
        premises.close()

    return place
