"""Adapters of the service in front of the fakes, both at real sockets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import requests

from fakes.kit.app import Options, create_app
from service.secret import Secret
from service.vendors import open_vendors
from tests.service.conftest import (
    sqlite_template,  # noqa: F401 (a fixture)
    sqlite_url,  # noqa: F401
)
from tests.serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from service.ports import Credentials, LockVendor

CONTROL = "control"


@dataclass
class WorldClient:
    """A world of the fakes, driven over the control interface."""

    url: str
    http: requests.Session
    data: dict[str, Any]

    def call(self, method: str, path: str, /, **body: Any) -> Any:
        url = f"{self.url}/_sim/worlds/{self.data['id']}{path}"
        answer = self.http.request(method, url, json=body or None)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def add_door(self, vendor: str, **fields: Any) -> dict[str, Any]:
        door = self.call("POST", "/doors", vendor=vendor, name="Door", **fields)
        assert isinstance(door, dict)
        return door

    def opens(
        self, door: dict[str, Any], code: str, at: datetime, link: str | None = None
    ) -> bool:
        """Tell whether the door would open, and leave no trace."""
        path, more = f"/doors/{door['id']}/probe", {"link": link} if link else {}
        asked = {"code": code, "at": at.isoformat()}
        return bool(self.call("POST", path, **asked, **more)["opens"])

    def enter(self, door: dict[str, Any], code: str, **more: Any) -> bool:
        """Type the code at the door, now."""
        path = f"/doors/{door['id']}/entries"
        return bool(self.call("POST", path, code=code, **more)["opened"])

    def set_time(self, now: datetime) -> None:
        self.call("POST", "/clock", now=now.isoformat())

    def credentials(self, vendor: str) -> Credentials:
        given: dict[str, str] = self.data["credentials"][vendor]
        return {name: Secret(value) for name, value in given.items()}


@pytest.fixture(scope="session")
def fakes() -> Iterator[str]:
    """Serve the fakes, and return their address."""
    with served(create_app(Options(control_token=CONTROL))) as url:
        yield url


@pytest.fixture(scope="session")
def vendors() -> dict[str, LockVendor]:
    return open_vendors(timeout_seconds=5, hosts={"127.0.0.1"})


@pytest.fixture
def world(fakes: str) -> Iterator[WorldClient]:
    """Begin a world on New Year's Day, gone after the test."""
    with requests.Session() as http:
        http.trust_env = False
        http.headers["Authorization"] = f"Bearer {CONTROL}"
        body = {"now": "2026-01-01T00:00:00Z", "portfolio": "empty"}
        made = http.post(f"{fakes}/_sim/worlds", json=body)
        assert made.status_code == 201, made.text
        world = WorldClient(fakes, http, made.json())
        yield world
        world.call("DELETE", "")
