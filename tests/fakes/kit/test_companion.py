"""Somebody who goes along with the clock of the demo world, stop by stop."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask, request
from werkzeug.test import Client

from fakes.kit.app import Options, create_app
from fakes.kit.companion import MOST_STOPS
from tests.fakes.kit.conftest import TOKEN
from tests.serving import served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from werkzeug.test import TestResponse

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


class Integration:
    """An integration that works at known instants, and writes down what it sees."""

    def __init__(self) -> None:
        self.work: list[datetime] = []
        self.seen: list[datetime] = []

    def next_after(self, now: datetime) -> str | None:
        upcoming = [at for at in self.work if at > now]
        return min(upcoming).isoformat() if upcoming else None

    def application(self) -> Flask:
        app = Flask("integration")

        @app.post("/time")
        def follow() -> dict[str, Any]:
            now = datetime.fromisoformat(request.get_json(force=True)["now"])
            self.seen.append(now)
            return {"next_at": self.next_after(now)}

        return app


@pytest.fixture
def integration() -> Integration:
    return Integration()


@pytest.fixture
def turn(integration: Integration) -> Iterator[Callable[..., TestResponse]]:
    """Turn the clock of a world, the demo world unless another one is named."""
    with served(integration.application()) as url:
        options = Options(control_token=TOKEN, now=NOW, companion=f"{url}/time")
        app = create_app(options)

        def ask(by: str, world: str = "demo") -> TestResponse:
            headers = {"Authorization": f"Bearer {TOKEN}"}
            path = f"/_sim/worlds/{world}/clock"
            return Client(app).post(path, json={"advance": by}, headers=headers)

        yield ask


def test_companion_is_at_each_stop_before_the_world_goes_on(
    integration: Integration, turn: Callable[..., TestResponse]
) -> None:
    integration.work = [NOW + timedelta(minutes=10), NOW + timedelta(minutes=40)]
    assert turn("PT1H").status_code == 200
    minutes = [round((at - NOW).total_seconds() / 60) for at in integration.seen]
    assert minutes == [0, 10, 40, 60]


def test_long_way_is_gone_in_longer_steps(
    integration: Integration, turn: Callable[..., TestResponse]
) -> None:
    integration.work = [NOW + number * timedelta(minutes=1) for number in range(5000)]
    moved = turn("P1D").json
    assert moved is not None
    assert moved["now"] == "2026-12-02T09:00:00Z"
    assert integration.seen[-1] == NOW + timedelta(days=1)
    assert len(integration.seen) <= MOST_STOPS + 2


def test_companion_that_does_not_follow_is_said() -> None:
    options = Options(control_token=TOKEN, now=NOW, companion="http://127.0.0.1:9/x")
    client = Client(create_app(options))
    headers = {"Authorization": f"Bearer {TOKEN}"}
    path = "/_sim/worlds/demo/clock"
    answer = client.post(path, json={"advance": "PT1H"}, headers=headers)
    assert answer.status_code == 502
    assert answer.json is not None
    assert "does not follow the clock" in answer.json["detail"]
    assert client.get(path, headers=headers).json == {
        "now": "2026-12-01T09:00:00Z",
        "mode": "stopped",
        "next_at": None,
        "client_clock": "world",
        "speed": 1.0,
    }
