from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from strikeplate.frozen_clock import ClockEndpoint, FrozenClock
from strikeplate.http import WsgiCaller

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

START = datetime(2026, 12, 1, 8, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[FrozenClock]:
    frozen = FrozenClock(START)
    yield frozen
    frozen.release()


def app(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [datetime.now(UTC).isoformat().encode()]


def test_application_goes_by_the_clock_that_is_turned(clock: FrozenClock) -> None:
    turns: list[datetime] = []
    call = WsgiCaller(
        ClockEndpoint(app, clock, lambda: turns.append(datetime.now(UTC)))
    )
    assert call("GET", "/").text == START.isoformat()
    for at in ("2027-01-01T00:00:00Z", "2026-12-24T18:00:00+01:00"):
        body = json.dumps({"now": at}).encode()
        instant = datetime.fromisoformat(at).astimezone(UTC).isoformat()
        assert call("POST", "/_clock", body=body).json() == {"now": instant}
        assert call("GET", "/").text == instant
    assert len(turns) == 2


def test_answer_waits_for_the_work_that_is_due_if_asked_to(clock: FrozenClock) -> None:
    left = [{"due": 1, "in_flight": 0}, {"due": 0, "in_flight": 1}]
    done = {"due": 0, "in_flight": 0, "next_at": None}
    works = iter([*left, done])
    call = WsgiCaller(ClockEndpoint(app, clock, work=lambda: next(works)))
    asked = {"now": "2027-01-01T00:00:00+00:00", "settle": True}
    answer = call("POST", "/_clock", body=json.dumps(asked).encode())
    assert answer.json() == {"now": asked["now"], "work": done}


@pytest.mark.parametrize("body", [b"", b"{}", b"7", b'{"now": "2027-01-01T00:00"}'])
def test_clock_is_not_turned_by_what_is_no_instant(
    clock: FrozenClock, body: bytes
) -> None:
    call = WsgiCaller(ClockEndpoint(app, clock))
    assert call("POST", "/_clock", body=body).status == 400
    assert call("GET", "/").text == START.isoformat()


def test_second_hour_of_autumn_stays_the_second(clock: FrozenClock) -> None:
    clock.set_time(datetime(2027, 10, 31, 1, 30, tzinfo=UTC))
    local = datetime.now(UTC).astimezone(ZoneInfo("Europe/Stockholm"))
    assert local.isoformat() == "2027-10-31T02:30:00+01:00"


def test_released_clock_goes_on() -> None:
    FrozenClock(START).release()
    assert datetime.now(UTC).year < 2100
    assert datetime.now(UTC) != START
