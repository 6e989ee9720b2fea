"""The integration environment: the service, the fakes' doors, and one clock for both.

Time moves from one moment at which something is due to the next, on either side, so
things happen in order. Webhooks of a lock system reach the service while
`receives_webhooks` is true.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask
from freezegun import freeze_time
from requests.adapters import HTTPAdapter

from fakes.kit.app import Options, create_app
from fakes.kit.webhooks import PushError
from service.app import Service
from service.clock import now
from service.secret import Secret
from service.settings import Settings
from service.store import accesses
from service.vendors import open_vendors
from service.web import mount_all
from strikeplate.http import WsgiNetwork
from strikeplate.platforms.signatures import signed
from strikeplate.platforms.standard import encoded
from strikeplate.timeline import Timeline
from tests.contracts.conftest import CONTROL, WorldClient
from tests.service.conftest import KEY
from tests.service.stub_vendor import StubOutbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from freezegun.api import FrozenDateTimeFactory

    from fakes.kit.webhooks import Outgoing
    from service.store.accesses import Access

FAKES = "http://fakes"
SEED = "integration"
TOKEN = "t"


class SharedFakes:
    """The fakes of all environments, which run one after the other in a world each.

    They are made while time is real; their webhooks go to the present environment.
    """

    def __init__(self) -> None:
        self.deliver: Callable[[Outgoing], int] | None = None
        options = Options(control_token=CONTROL)
        self.network = WsgiNetwork(create_app(options, send=self._send))

    def _send(self, outgoing: Outgoing) -> int:
        if self.deliver is None:
            raise PushError("no environment is open")
        return self.deliver(outgoing)


SHARED_FAKES = SharedFakes()


@dataclass
class IntegrationEnv:
    """One connection of `vendor` and what happens at its doors."""

    clock: FrozenDateTimeFactory
    database_url: str
    vendor: str
    receives_webhooks: bool = True
    outbox: StubOutbox = field(default_factory=StubOutbox)

    def __post_init__(self) -> None:
        self._numbers = count(1)
        SHARED_FAKES.deliver = self._deliver_webhook
        self.network = SHARED_FAKES.network
        self.world = self._new_world()
        settings = Settings(
            database_url=self.database_url,
            secret_key=KEY,
            workers=0,
            api_token=Secret(TOKEN),
        )
        vendors = open_vendors(transport=self.network)
        self.service = Service(settings, vendors, self.outbox)
        app = Flask("integration")
        mount_all(app, self.service)
        self.client = app.test_client()
        self._timeline = Timeline(now(), self)
        self._timeline.add_world(_WorldOnTimeline(self))

    def connect(self, timezone: str = "Europe/Berlin") -> None:
        """Connect the world's account, and activate the connection."""
        body = {
            "vendor": self.vendor,
            "name": "Club",
            "timezone": timezone,
            "credentials": self.world.data["credentials"][self.vendor],
        }
        self.connection = self.api("POST", "/api/connections", **body)
        self.path = f"/api/connections/{self.connection['id']}"
        self.api("PATCH", self.path, active=True, terms_accepted=True)
        self.locks = {
            lock["vendor_id"]: lock
            for lock in self.api("GET", f"{self.path}/locks")["items"]
        }

    def api(
        self, method: str, path: str, status: int | None = None, **body: Any
    ) -> Any:
        """Return the answer of the service's API."""
        headers = {"Authorization": f"Bearer {TOKEN}"}
        answer = self.client.open(
            path, method=method, headers=headers, json=body or None
        )
        assert answer.status_code == (status or answer.status_code), answer.text
        assert status or answer.status_code < 300, answer.text
        return answer.json

    def rule(self, *doors: Any, **terms: Any) -> Any:
        """Add a rule: a resource or a community opens the doors."""
        locks = [self.locks[door["vendor_id"]]["id"] for door in doors]
        about = {} if "community" in terms else {"resource": "room"}
        return self.api("POST", f"{self.path}/rules", locks=locks, **about | terms)

    def send_event(
        self, kind: str, start: Any, end: Any, ref: str = "B-1", **more: Any
    ) -> Any:
        """Send an event about the booking; return the answer."""
        customer = {"name": "Ada", "email": more.pop("email", "ada@example.org")}
        customer |= {"id": more.pop("customer", None)}
        number = next(self._numbers)
        booking = {"id": ref, "resource": more.pop("resource", "room")}
        booking |= {"start": start.isoformat(), "end": end.isoformat()}
        booking |= {"weekdays": more.pop("weekdays", None)}
        status = more.pop("status", 202)
        event = {
            "id": f"evt_{number}",
            "type": f"booking.{kind}",
            "occurred_at": (now() + number * timedelta(microseconds=1)).isoformat(),
            "booking": {**booking, "customer": customer},
        }
        return self._send_signed(event, status)

    def send_membership_event(self, kind: str, ref: str = "M-1", **more: Any) -> Any:
        """Send an event about the membership; return the answer."""
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
        return self._send_signed(event)

    def membership(self, ref: str = "M-1") -> Any:
        """Return the membership as the service shows it."""
        return self.api("GET", f"{self.path}/memberships/{ref}")

    def advance(self, **span: float) -> None:
        """Let time pass: what is due on either side happens at its own moment."""
        self.advance_to(now() + timedelta(**span))

    def advance_to(self, at: datetime) -> None:
        """Let time pass until then."""
        self.run_until_idle()
        self._timeline.now = now()
        self._timeline.move_to(at)

    def set_time(self, at: datetime) -> None:
        """Do nothing: `move` has set the clock that the service reads."""

    def run_until_idle(self) -> None:
        """Let the service do everything that is due."""
        self.service.work()

    def react(self) -> None:
        """Let the service do everything that is due on the way."""
        self.service.work()

    def next_at(self) -> datetime | None:
        """Return when the service has work next."""
        return _ahead(self.service.queue_stats().next_at)

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

    def codes_at_door(self) -> list[str]:
        """Return the codes that the locks themselves have."""
        rows = self.world.call("GET", "/codes")
        return [row["code"] for row in rows if row["truth"] == "door"]

    def add_fault(self, method: str, path: str, **more: Any) -> None:
        """Inject a fault into calls of the vendor."""
        plain = {"vendor": self.vendor, "method": method, "path": path}
        self.world.call("POST", "/faults", **plain, **({"phase": "before"} | more))

    def close(self) -> None:
        """Stop the service and drop the world."""
        self.service.close()
        SHARED_FAKES.deliver = None
        self.world.call("DELETE", "")

    def _new_world(self) -> WorldClient:
        http = requests.Session()
        http.trust_env = False
        http.mount("http://", _OverNetwork(self.network))
        http.headers["Authorization"] = f"Bearer {CONTROL}"
        body = {"now": now().isoformat(), "portfolio": "empty", "seed": SEED}
        made = http.post(f"{FAKES}/_sim/worlds", json=body)
        world = made.json()
        base = world["credentials"][self.vendor]
        for name in [each for each in base if each.endswith("_url")]:
            base[name] = FAKES + urlsplit(base[name]).path
        return WorldClient(FAKES, http, world)

    def _deliver_webhook(self, outgoing: Outgoing) -> int:
        if not self.receives_webhooks:
            raise PushError("the service does not listen")
        path = urlsplit(outgoing.url).path
        answer = self.client.post(path, data=outgoing.body, headers=outgoing.headers)
        return answer.status_code

    def _send_signed(self, event: dict[str, Any], status: int = 202) -> Any:
        body, secret = encoded(event), self.connection["webhook_secret"]
        key = self.connection["webhook_url"].rpartition("/")[2]
        headers = signed(secret, event["id"], body, now())
        headers["content-type"] = "application/json"
        answer = self.client.post(f"/webhooks/{key}", data=body, headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json


class _OverNetwork(HTTPAdapter):
    """Carries the calls of a session over the network of the service's vendors."""

    def __init__(self, network: WsgiNetwork) -> None:
        super().__init__()
        self._network = network

    # Any: what requests passes on
    def send(  # type: ignore[override]  # requests names its arguments one by one
        self, request: requests.PreparedRequest, **_: Any
    ) -> requests.Response:
        body = request.body or b""
        raw = body.encode() if isinstance(body, str) else body
        method, url = request.method or "GET", request.url or ""
        answer = self._network.urlopen(method, url, body=raw, headers=request.headers)
        return self.build_response(request, answer)


class _WorldOnTimeline:
    """The fakes' world on the timeline; it moves the clock of the service as well."""

    def __init__(self, env: IntegrationEnv) -> None:
        self._env = env

    def clock(self) -> tuple[datetime, datetime | None]:
        """Return the present, and when the fakes have something due next."""
        at = self._env.world.call("GET", "/clock")["next_at"]
        return now(), _ahead(datetime.fromisoformat(at)) if at else None

    def move_until_due(self, to: datetime) -> datetime:
        """Move both clocks, to what the fakes have due next at most; return when."""
        _, due = self.clock()
        at = min(to, due) if due else to
        self.move(at)
        return at

    def move(self, at: datetime) -> None:
        """Move both clocks; the service must know the time when a webhook comes."""
        self._env.clock.move_to(at)
        self._env.world.set_time(at)


def _ahead(at: datetime | None) -> datetime | None:
    """Return the instant, or the next millisecond if it is due already."""
    return at and max(at, now() + timedelta(milliseconds=1))


def frozen_clock(start: datetime) -> Any:
    """Return the fixture of a clock that is frozen at `start`, and can be moved."""

    @pytest.fixture(scope="module")
    def clock() -> Iterator[Any]:
        with freeze_time(start) as clock:
            yield clock

    return clock


def integration_env_at(vendor: str, start: datetime) -> Any:
    """Return the fixture of an environment that starts at `start` on `clock`."""

    @pytest.fixture
    def env(clock: Any, sqlite_url: str) -> Iterator[IntegrationEnv]:
        clock.move_to(start)
        env = IntegrationEnv(clock, sqlite_url, vendor)
        yield env
        env.close()

    return env
