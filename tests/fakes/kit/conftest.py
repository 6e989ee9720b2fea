"""A fifth vendor in a package of its own, and the fakes that found it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.test import Client, TestResponse

from fakes.kit.app import Options, create_app
from fakes.kit.webhooks import Outgoing

if TYPE_CHECKING:
    from flask import Flask

HERE = Path(__file__).parent
TOKEN = "control"
START = "2026-12-01T09:00:00Z"


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Put a package `locksmiths`, written a moment ago, on the path."""
    home = tmp_path_factory.mktemp("home")
    folder = home / "locksmiths" / "acme"
    folder.mkdir(parents=True)
    (home / "locksmiths" / "__init__.py").touch()
    shutil.copy(HERE / "acme.py", folder / "__init__.py")
    shutil.copy(HERE / "acme.toml", folder / "quirks.toml")
    sys.path.insert(0, str(home))
    yield "locksmiths"
    sys.path.remove(str(home))


@pytest.fixture
def options(package: str) -> Options:
    return Options(control_token=TOKEN, vendors=package)


@dataclass
class Sim:
    """The control interface, as a program uses it; `base` is a world's path."""

    app: Flask
    base: str = "/_sim"

    def ask(
        self, method: str, path: str, body: Any = None, **more: Any
    ) -> TestResponse:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        client = Client(self.app)
        return client.open(
            f"{self.base}{path}", method=method, json=body, headers=headers, **more
        )

    def get(self, path: str) -> Any:
        return self.ask("GET", path).json

    def post(self, path: str, body: Any = None) -> Any:
        return self.ask("POST", path, body).json


class Tenant(Sim):
    """One world: its control interface, and its vendor's API."""

    made: dict[str, Any]

    def acme(
        self, method: str, path: str, body: Any = None, **more: Any
    ) -> TestResponse:
        headers = {"X-Key": self.made["credentials"]["acme"]["key"]}
        client = Client(self.app)
        return client.open(
            f"/acme{path}", method=method, json=body, headers=headers, **more
        )

    def make_code(self, pin: str) -> TestResponse:
        return self.acme("POST", "/codes", {"door": self.door, "pin": pin})

    @property
    def door(self) -> str:
        return str(self.made["doors"][0]["id"])

    def advance(self, span: str) -> Any:
        return self.post("/clock", {"advance": span})


Reply = int | Callable[[Outgoing], int]


@dataclass
class Receiver:
    """Takes webhooks in this process and answers as it was told to, else 204."""

    answers: list[Reply] = field(default_factory=list)
    took: list[Outgoing] = field(default_factory=list)

    def __call__(self, outgoing: Outgoing) -> int:
        self.took.append(outgoing)
        reply = self.answers.pop(0) if self.answers else 204
        return reply if isinstance(reply, int) else reply(outgoing)


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def app(options: Options, receiver: Receiver) -> Flask:
    return create_app(options, send=receiver)


@pytest.fixture
def sim(app: Flask) -> Sim:
    return Sim(app)


@pytest.fixture
def new_world(sim: Sim) -> Callable[..., Tenant]:
    def make(**body: Any) -> Tenant:
        body = {"now": START, "seed": 7, "portfolio": "demo"} | body
        made = sim.post("/worlds", body)
        tenant = Tenant(sim.app, f"/_sim/worlds/{made['id']}")
        tenant.made = made
        return tenant

    return make


@pytest.fixture
def world(new_world: Callable[..., Tenant]) -> Tenant:
    return new_world()
