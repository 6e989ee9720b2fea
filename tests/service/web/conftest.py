"""A caller of the service's face, in process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from standardwebhooks import Webhook

from service.secret import Secret
from service.web import mount_all
from tests.service.env import ServiceEnv
from tests.service.stub_vendor import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

TOKEN = "open sesame"
_numbers = count(1)


@dataclass
class ApiClient:
    """Calls with the token, and a booking platform that signs its messages."""

    env: ServiceEnv
    client: FlaskClient

    def call(self, method: str, path: str, **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {TOKEN}", **more.pop("headers", {})}
        return self.client.open(path, method=method, headers=headers, **more)

    def get(self, path: str) -> Any:
        answer = self.call("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json

    def connect(self, **change: Any) -> Any:
        body = {
            "vendor": "stub",
            "name": "Club",
            "timezone": "UTC",
            "credentials": {"password": PASSWORD},
        }
        answer = self.call("POST", "/api/connections", json=body | change)
        assert answer.status_code == 201, answer.text
        return answer.json

    def ready(self, **rule: Any) -> Any:
        """Return a connection that is switched on, its front door behind court-1."""
        made = self.connect()
        path = f"/api/connections/{made['id']}"
        on = {"active": True, "terms_accepted": True}
        assert self.call("PATCH", path, json=on).status_code == 200
        front = self.get(f"{path}/locks")["items"][0]["id"]
        new = {"resource": "court-1", "locks": [front]} | rule
        answer = self.call("POST", f"{path}/rules", json=new)
        assert answer.status_code == 201, answer.text
        return made | {"rule": answer.json["id"], "front": front}

    def send(
        self, connection: Any, payload: Any, headers: dict[str, str] | None = None
    ) -> TestResponse:
        """Deliver what is told, signed unless the headers say otherwise."""
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        path = connection["webhook_url"].removeprefix("http://127.0.0.1:8800")
        own = signed(connection["webhook_secret"], body)
        kind = {"Content-Type": "application/json"}
        given = {**kind, **own, **(headers or {})}
        return self.client.post(path, data=body, headers=given)


def signed(secret: str, body: bytes, at: datetime | None = None) -> dict[str, str]:
    at = at or datetime.now(UTC)
    text = body.decode(errors="replace")
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign("msg_1", at, text),
    }


def event(kind: str = "confirmed", **change: Any) -> dict[str, Any]:
    """Return a message about a booking of next year."""
    booking = {
        "id": "B-1",
        "resource": "court-1",
        "start": "2027-12-01T15:20:00+01:00",
        "end": "2027-12-01T17:20:00+01:00",
        "customer": {"name": "Ada Novak", "email": "ada@example.org"},
    }
    plain = {
        "id": f"evt_{next(_numbers)}",
        "type": f"booking.{kind}",
        "occurred_at": "2026-11-01T09:00:00Z",
        "booking": booking | change.pop("booking", {}),
    }
    return plain | change


@pytest.fixture
def api(sqlite_url: str) -> Iterator[ApiClient]:
    env = ServiceEnv(sqlite_url)
    yield api_of(env)
    env.close()


def api_of(env: ServiceEnv) -> ApiClient:
    env.service.api_token = Secret(TOKEN)
    app = Flask("service", static_folder=None)
    mount_all(app, env.service)
    return ApiClient(env, app.test_client())


def by_hand(connection: Any, **change: Any) -> dict[str, Any]:
    body = {
        "lock": connection["front"],
        "kind": "hourly",
        "start": "2027-12-01T15:00:00Z",
        "end": "2027-12-01T17:00:00Z",
        "name": "Plumber",
    }
    return body | change
