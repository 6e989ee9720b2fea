"""No PIN, token, name or address that went through is found in what was written down.

The service and the fakes run as processes of their own; bookings are made, refused,
retried and cancelled. Then every canary is searched for in their logs, and those that
are sealed in the files of the database too.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import requests

from strikeplate.platforms.signatures import signed
from strikeplate.platforms.standard import encoded
from strikeplate.processes import TOKEN_VARIABLE, Process, free_port
from strikeplate.smtp_sink import SmtpSink
from tests.campaigns.test_kills import all_accesses, event
from tests.service.test_served import Served, a_world, connect, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONTROL = "canary-control-token"
API = "canary-api-token"
PERSONS = {
    "name": "Canaria Nameless",
    "email": "canaria@canary.example.org",
    "phone": "+46709998877",
}
BOOKINGS = 6


@pytest.fixture
def fakes(tmp_path: Path) -> Iterator[Process]:
    port = free_port()
    words, given = ["--port", str(port)], {TOKEN_VARIABLE: CONTROL}
    process = Process("fakes", words, port, tmp_path / "fakes.log", given)
    process.start()
    yield process
    process.stop()


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    kept = SmtpSink()
    yield kept
    kept.close()


@pytest.fixture
def served(tmp_path: Path, sink: SmtpSink) -> Iterator[Served]:
    made = Served(tmp_path, sink.port, STRIKEPLATE_API_TOKEN=API)
    made.session.headers["Authorization"] = f"Bearer {API}"
    yield made
    made.kill()


def send(served: Served, connection: Any, payload: dict[str, Any]) -> int:
    body = encoded(payload)
    headers = signed(
        connection["webhook_secret"], payload["id"], body, datetime.now(UTC)
    )
    path = connection["webhook_url"].partition("/webhooks/")[2]
    return requests.post(
        f"{served.url}/webhooks/{path}",
        data=body,
        headers={**headers, "content-type": "application/json"},
        timeout=60,
    ).status_code


def happen(served: Served, connection: Any) -> None:
    """Have bookings made, refused, and cancelled; one call has a wrong token."""
    at = datetime.now(UTC)
    for number in range(BOOKINGS):
        payload = event(number, at)
        payload["booking"]["customer"] = PERSONS
        assert send(served, connection, payload) == 202
    wrong = event(BOOKINGS, at)
    wrong["booking"] |= {"customer": PERSONS, "end": wrong["booking"]["start"]}
    assert send(served, connection, wrong) == 422
    gone = {"type": "booking.cancelled", "booking": {"id": "B-0"}, "id": "evt_gone"}
    assert send(served, connection, event(0, at) | gone) == 202
    guess = {"Authorization": "Bearer canary-guess"}
    url = f"{served.url}/api/accesses"
    assert requests.get(url, headers=guess, timeout=60).status_code == 401


def pins_of(served: Served, connection: Any) -> list[str]:
    return [each["pin"] for each in all_accesses(served, connection) if each["pin"]]


def test_nothing_that_is_secret_is_written_down(
    served: Served, fakes: Process, tmp_path: Path
) -> None:
    sim = requests.Session()
    sim.headers["Authorization"] = f"Bearer {CONTROL}"
    of_world, credentials = a_world(sim, fakes.url)
    lost = {"vendor": "igloohome", "path": "*/algopin/*", "phase": "after", "times": 2}
    assert sim.post(f"{of_world}/faults", json={**lost, "effect": {"drop": True}}).ok
    connection = connect(served, credentials)
    happen(served, connection)
    wait_for(lambda: len(pins_of(served, connection)) >= BOOKINGS - 1)
    wait_for(lambda: not served.work_left())
    pins = pins_of(served, connection)

    sealed = [*pins, credentials["client_secret"], connection["webhook_secret"], API]
    key = connection["webhook_url"].rpartition("/")[2]
    guessed = [CONTROL, "canary-guess", key, credentials["client_id"]]
    spoken = [*sealed, *guessed, *PERSONS.values()]
    logs = "".join(path.read_text("utf-8") for path in tmp_path.glob("*.log"))
    assert "purged" in logs
    assert [each for each in spoken if each in logs] == []
    files = b"".join(path.read_bytes() for path in tmp_path.glob("strikeplate.db*"))
    assert connection["id"].encode() in files
    assert [each for each in sealed if each.encode() in files] == []
