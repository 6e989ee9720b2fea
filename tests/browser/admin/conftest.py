"""An owner with a browser, the service and the fakes at real sockets, a platform.

The service works in threads of its own and everything runs in real time; tests wait
for what a page says, never for time to pass.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import requests
from cryptography.fernet import Fernet
from flask import Flask
from standardwebhooks import Webhook

from service.app import Service
from service.secret import Secret
from service.settings import Settings
from service.vendors import open_vendors
from service.web import mount_all
from strikeplate.processes import free_port
from tests.fakes.vendors.exivo.site import CONTROL
from tests.service.stub_vendor import StubOutbox
from tests.serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

USER, WORD = "admin", "correct horse battery"
PATIENCE_MS = 60_000
DESK = {"width": 1440, "height": 900}


@dataclass
class World:
    """A world of the fakes with the demonstration's doors, as late as the clock."""

    url: str
    state: dict[str, Any]

    def credentials(self, vendor: str) -> dict[str, str]:
        found: dict[str, str] = self.state["credentials"][vendor]
        return found

    def type_in(self, door: str, vendor: str, code: str) -> dict[str, Any]:
        """Type the code at the door's keypad; return what the door says."""
        doors = self.state["doors"]
        (found,) = (d for d in doors if (d["name"], d["vendor"]) == (door, vendor))
        take = {"then": "take"} if found["kind"] == "cabinet" else {}
        path = f"doors/{found['id']}/entries"
        answer: dict[str, Any] = self.call(path, {"code": code} | take)
        return answer

    def call(self, path: str, body: dict[str, Any]) -> Any:
        return control(self.url, f"worlds/{self.state['id']}/{path}", body)


def control(url: str, path: str, body: dict[str, Any]) -> Any:
    """Call the control interface of the fakes."""
    headers = {"Authorization": f"Bearer {CONTROL}"}
    answer = requests.post(f"{url}/_sim/{path}", json=body, headers=headers, timeout=60)
    assert answer.ok, answer.text
    return answer.json()


@pytest.fixture
def world(url: str) -> World:
    now = datetime.now(UTC).isoformat()
    made = control(url, "worlds", {"portfolio": "demo", "now": now})
    world = World(url, made)
    world.call("clock", {"mode": "running"})
    return world


@dataclass
class Admin:
    """The served service, and a page of an owner who is signed in."""

    url: str
    page: Page

    def open(self, path: str) -> None:
        self.page.goto(self.url + path)

    def press(self, name: str) -> None:
        """Press the button of that name, and wait for the page that follows."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).first.click()

    def follow(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name, exact=True).first.click()

    def fill(self, **fields: str) -> None:
        for name, text in fields.items():
            self.page.locator(f'[name="{name}"]').fill(text)

    def wait_for_status(self, text: str, path: str) -> None:
        """Open the page again until it shows the status."""
        for _ in range(PATIENCE_MS // 500):
            self.open(path)
            if self.page.locator(".state", has_text=text).count():
                return
            self.page.wait_for_timeout(500)
        raise AssertionError(f"{path} does not show {text!r}: {self.page.content()}")


@pytest.fixture(scope="module")
def service_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the service, and return its address."""
    folder, port = tmp_path_factory.mktemp("service"), free_port()
    settings = Settings(
        database_url=f"sqlite:///{folder}/admin.db",
        secret_key=Secret(Fernet.generate_key().decode()),
        admin_password=Secret(WORD),
        workers=2,
        public_url=f"http://127.0.0.1:{port}",
    )
    service = Service(
        settings, open_vendors(timeout_seconds=60, hosts=["127.0.0.1"]), StubOutbox()
    )
    app = Flask("service", static_folder=None)
    mount_all(app, service)
    with served(app, port) as url:
        yield url
    service.close()


@pytest.fixture
def admin(service_url: str, chromium: Browser) -> Iterator[Admin]:
    context = chromium.new_context(viewport=DESK, locale="en")
    context.set_default_timeout(PATIENCE_MS)
    admin = Admin(service_url, context.new_page())
    sign_in(admin)
    yield admin
    context.close()


def sign_in(admin: Admin) -> None:
    admin.open("/")
    admin.fill(name=USER, password=WORD)
    admin.press("Sign in")


def book(url: str, secret: str, ref: str, resource: str) -> None:
    """Send what a booking platform sends: a booking from this hour on, signed."""
    now = datetime.now(UTC)
    start = now.replace(minute=0, second=0, microsecond=0)
    event = {
        "id": f"evt-{ref}",
        "type": "booking.confirmed",
        "occurred_at": now.isoformat(),
        "booking": {
            "id": ref,
            "resource": resource,
            "start": start.isoformat(),
            "end": (start + timedelta(hours=3)).isoformat(),
            "customer": {"name": "Ada Novak", "email": "ada@example.org"},
        },
    }
    body = json.dumps(event)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": ref,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(ref, now, body),
    }
    answer = requests.post(url, data=body.encode(), headers=headers, timeout=60)
    assert answer.status_code == 202, answer.text
