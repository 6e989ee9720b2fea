"""A served process is killed without a warning, and nothing is lost or made twice.

The fake vendor and a mail sink listen beside it. This runs in real time, and waits
for things to happen, never for time to pass.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest
import requests

from fakes.kit.app import Options, create_app
from strikeplate.platforms.signatures import signed
from strikeplate.platforms.standard import encoded
from strikeplate.processes import free_port
from strikeplate.smtp_sink import SmtpSink
from tests.serving import served as served_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from strikeplate.smtp_sink import Mail

TOKEN = "open sesame"
BOOKINGS = 24
PATIENCE_SECONDS = 60.0


def wait_for(what: Any, seconds: float = PATIENCE_SECONDS) -> Any:
    """Return what the question brings, asked until it brings something."""
    pause, end = Event(), monotonic() + seconds
    while monotonic() < end:
        with suppress(requests.ConnectionError):
            if found := what():
                return found
        pause.wait(0.02)
    raise AssertionError("it did not happen")


def message_id(mail: Mail) -> str:
    key = re.search(r"^Message-ID: (.*)$", mail.headers, re.MULTILINE)
    return key.group(1) if key else ""


class Served:
    """The service as a process of its own, and how to kill it."""

    def __init__(
        self, folder: Path, smtp_port: int, workers: int = 4, **settings: str
    ) -> None:
        self.log = folder / "service.log"
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self._environment = {
            **os.environ,
            "STRIKEPLATE_DATABASE_URL": f"sqlite:///{folder}/strikeplate.db",
            "STRIKEPLATE_API_TOKEN": TOKEN,
            "STRIKEPLATE_SMTP_URL": f"smtp://127.0.0.1:{smtp_port}",
            "STRIKEPLATE_PORT": str(self._port),
            "STRIKEPLATE_WORKERS": str(workers),
            "STRIKEPLATE_VENDOR_HOSTS": "127.0.0.1",
            **settings,
        }
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"Bearer {TOKEN}"
        self.start()

    def start(self) -> None:
        self._process = self.spawn()
        wait_for(lambda: self.session.get(f"{self.url}/healthz").ok)

    @property
    def pid(self) -> int:
        """The process that serves."""
        return self._process.pid

    def spawn(self, *words: str) -> subprocess.Popen[bytes]:
        """Return a process of the service, over the same database."""
        with self.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 (our own module)
                [sys.executable, "-m", "service", *words],
                env=self._environment,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )

    def logged(self, words: str) -> int:
        """Return how often its log says so."""
        return self.log.read_text("utf-8").count(words)

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        os.killpg(self._process.pid, how)
        self._process.wait()

    def call(self, method: str, path: str, payload: object = None) -> Any:
        answer = self.session.request(method, f"{self.url}{path}", json=payload)
        assert answer.ok, answer.text
        return answer.json()

    def work_left(self) -> int:
        payload = self.call("GET", "/api/work")
        return int(payload["due"] + payload["in_flight"])


@pytest.fixture
def fakes_url() -> Iterator[str]:
    with served_app(create_app(Options(control_token=TOKEN))) as url:
        yield url


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    kept = SmtpSink()
    yield kept
    kept.close()


def test_a_process_that_is_killed_leaves_one_code_and_one_message_a_booking(
    tmp_path: Path, fakes_url: str, sink: SmtpSink
) -> None:
    served = Served(tmp_path, sink.port)
    try:
        sim = simulation()
        of_world, credentials = a_world(sim, fakes_url)
        slow = {
            "vendor": "igloohome",
            "path": "*/algopin/*",
            "phase": "after",
            "effect": {"delay_ms": 150},
        }
        assert sim.post(f"{of_world}/faults", json=slow).ok
        connection = connect(served, credentials)
        for number in range(BOOKINGS):
            send_event(served, connection, number)
        wait_for(lambda: asked_for(sim, of_world) >= 5)
        served.kill()
        made_before = asked_for(sim, of_world)
        served.start()
        wait_for(lambda: not served.work_left())
        assert made_before < BOOKINGS
        audit(served, connection, sink)
        served.kill(signal.SIGTERM)
        served.start()
        assert served.work_left() == 0
        audit(served, connection, sink)
    finally:
        served.kill()


def test_one_process_serves_and_another_does_the_work(
    tmp_path: Path, fakes_url: str, sink: SmtpSink
) -> None:
    served = Served(tmp_path, sink.port, workers=0)
    works = served.spawn("work")
    try:
        _, credentials = a_world(simulation(), fakes_url)
        connection = connect(served, credentials)
        for number in range(BOOKINGS):
            send_event(served, connection, number)
        wait_for(lambda: not served.work_left())
        audit(served, connection, sink)
        works.send_signal(signal.SIGTERM)
        assert works.wait() == 0
    finally:
        served.kill()
        works.kill()
        works.wait()


def simulation() -> requests.Session:
    """Return a session that may turn the fakes' screws."""
    sim = requests.Session()
    sim.headers["Authorization"] = f"Bearer {TOKEN}"
    return sim


def a_world(sim: requests.Session, fakes_url: str) -> tuple[str, dict[str, str]]:
    """Return the control address of a new world with a lock, and its credentials."""
    world = sim.post(f"{fakes_url}/_sim/worlds", json={}).json()
    of_world = f"{fakes_url}/_sim/worlds/{world['id']}"
    door = {"vendor": "igloohome", "name": "Gate", "timezone": "UTC"}
    assert sim.post(f"{of_world}/doors", json=door).ok
    return of_world, world["credentials"]["igloohome"]


def connect(served: Served, credentials: dict[str, str]) -> Any:
    body = {
        "vendor": "igloohome",
        "name": "Club",
        "timezone": "UTC",
        "credentials": credentials,
    }
    connection = served.call("POST", "/api/connections", body)
    path = f"/api/connections/{connection['id']}"
    served.call("PATCH", path, {"active": True, "terms_accepted": True})
    (lock,) = served.call("GET", f"{path}/locks")["items"]
    rule = {"resource": "court-1", "locks": [lock["id"]]}
    served.call("POST", f"{path}/rules", rule)
    return connection


def send_event(served: Served, connection: Any, number: int) -> None:
    now = datetime.now(UTC)
    start = now + timedelta(hours=2 * number + 1)
    payload = {
        "id": f"evt_{number}",
        "type": "booking.confirmed",
        "occurred_at": now.isoformat(),
        "booking": {
            "id": f"B-{number}",
            "resource": "court-1",
            "start": start.isoformat(),
            "end": (start + timedelta(hours=1)).isoformat(),
            "customer": {"name": "Ada", "email": "ada@example.org"},
        },
    }
    body = encoded(payload)
    headers = signed(connection["webhook_secret"], f"evt_{number}", body, now)
    headers["content-type"] = "application/json"
    path = connection["webhook_url"].partition("/webhooks/")[2]
    url = f"{served.url}/webhooks/{path}"
    assert served.session.post(url, data=body, headers=headers).status_code == 202


def asked_for(sim: requests.Session, of_world: str) -> int:
    """Return how many codes the vendor has been asked for."""
    calls = sim.get(f"{of_world}/requests").json()
    rows = calls["items"] if isinstance(calls, dict) else calls
    return sum("/algopin/" in row["path"] for row in rows)


def audit(served: Served, connection: Any, sink: SmtpSink) -> None:
    """Every booking has one access with a code of its own, and one message with it."""
    query = f"connection={connection['id']}&limit=200"
    held = served.call("GET", f"/api/accesses?{query}")["items"]
    assert Counter(access["booking"] for access in held) == {
        f"B-{number}": 1 for number in range(BOOKINGS)
    }
    assert {access["status"] for access in held} == {"created"}
    pins = {access["pin"] for access in held}
    assert len(pins) == BOOKINGS
    mails = {message_id(mail): mail.text for mail in sink}
    assert len(mails) == BOOKINGS
    payload = [pin for pin in pins for text in mails.values() if pin in text]
    assert sorted(payload) == sorted(pins)
