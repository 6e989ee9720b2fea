"""A person with a browser before the pages, and the control interface beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.test import Client

from fakes.kit.app import Options, create_app

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

TOKEN = "control-of-the-wall"
NOW = "2026-12-01T09:12:00Z"
PIN = "734918"


@dataclass
class Person:
    """One browser; it reads the form token from each page, as a form carries it."""

    app: Flask
    client: Client
    csrf: str = ""

    def sign_in(self) -> None:
        """Use a fresh one-time link."""
        link = control(self.app, "POST", "/sign-ins").json
        assert link is not None
        self.client.get(link["url"])

    def get(self, path: str, **more: Any) -> TestResponse:
        page = self.client.get(path, buffered=True, **more)
        found = re.search(r'name="csrf" value="([^"]+)"', page.text)
        self.csrf = found[1] if found else self.csrf
        return page

    def send(self, path: str, **fields: Any) -> TestResponse:
        """Send a form, and return the answer itself."""
        return self.client.post(path, data={"csrf": self.csrf} | fields)

    def does(self, path: str, **fields: Any) -> str:
        """Send a form, follow the redirect, and return what the page says."""
        answer = self.send(path, **fields)
        assert answer.status_code == 303, answer.text
        return self.get(answer.headers["Location"]).text


def control(app: Flask, method: str, path: str, body: Any = None) -> TestResponse:
    """Ask the control interface."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    return Client(app).open(f"/_sim{path}", method=method, json=body, headers=headers)


@dataclass
class Place:
    """A world at a standing clock, its doors by name, and a Nuki code for today."""

    app: Flask
    id: str
    doors: dict[str, str]
    credentials: dict[str, dict[str, str]]
    locks: dict[str, str]

    @property
    def path(self) -> str:
        """Where its pages are."""
        return f"/wall/{self.id}"

    def door(self, name: str) -> str:
        """Where the page of a door is."""
        return f"{self.path}/doors/{self.doors[name]}"

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """Ask the control interface about this world."""
        return control(self.app, method, f"/worlds/{self.id}{path}", body).json

    def nuki_code(self, door: str, *, settled: bool = True) -> None:
        """Have an integration make a code, from 15:00 to 18:00 in Berlin."""
        body = {
            "name": "Ada",
            "type": 13,
            "code": int(PIN),
            "allowedFromDate": "2026-12-01T14:00:00.000Z",
            "allowedUntilDate": "2026-12-01T17:00:00.000Z",
            "smartlockIds": [int(self.locks[door])],
        }
        headers = {"Authorization": f"Bearer {self.credentials['nuki']['api_token']}"}
        put = Client(self.app).put("/nuki/smartlock/auth", json=body, headers=headers)
        assert put.status_code == 204
        if settled:
            self.control("POST", "/clock", {"advance": "PT10S"})


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app(Options(control_token=TOKEN), send=lambda _: 200)


@pytest.fixture
def stranger(app: Flask) -> Person:
    return Person(app, Client(app))


@pytest.fixture
def person(app: Flask) -> Person:
    person = Person(app, Client(app))
    person.sign_in()
    person.get("/")
    return person


@pytest.fixture
def place(app: Flask) -> Place:
    body = {"name": "Hall", "now": NOW, "portfolio": "demo"}
    made = control(app, "POST", "/worlds", body).json
    assert made is not None
    return Place(
        app,
        made["id"],
        {door["name"]: door["id"] for door in made["doors"]},
        made["credentials"],
        {door["name"]: door["vendor_id"] for door in made["doors"]},
    )


def code_path(person: Person, place: Place) -> str:
    """Return where the page of the one code of a smart lock is."""
    page = person.get(place.door("Rehearsal room")).text
    found = re.search(rf'href="({place.path}/codes/\w+)">{PIN}<', page)
    assert found
    return found[1]
