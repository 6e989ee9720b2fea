"""A frozen clock for this process, and a WSGI application that sets it over HTTP.

`python -m strikeplate.frozen_clock service:create_app --port 8800 --now INSTANT` serves
the application that a factory makes: `POST /_clock {"now": INSTANT}` sets the clock;
with `"settle": true` the answer waits for the work that is due then, and says what is
left, where the application can tell.
freezegun does so for any Python application; only its waits remain real.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import freezegun
from freezegun import api

import serving
from strikeplate.processes import CLOCK_PATH, HOST, wait

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from freezegun.api import FrozenDateTimeFactory

    Work = dict[str, Any]  # due and in_flight are numbers, next_at an instant or None


THREADS = 8
JSON = [("Content-Type", "application/json")]
REST_SECONDS = 1.0
"""How long to wait to be told that all is done; from then on work is polled."""
FIRST_POLL_SECONDS = 0.002
DOUBLINGS = 3
ATTEMPTS = 1200
"""How often work is polled before it counts as never done: 20 seconds."""

DEFAULTS = {
    "STRIKEPLATE_CLOCK_HOLD_SECONDS": "0",
    "STRIKEPLATE_VENDOR_HOSTS": HOST,
}
"""What suits the reference service here, unless set: jumps are meant, vendors fake."""

SERVER = ["waitress"]
"""What counts idle connections; these are idle in real time."""


class FrozenClock:
    """The clock of this process, frozen until it is set.

    Event loops go by real time. It is started once and then moved: every start walks
    through all modules that are loaded.
    """

    def __init__(self, now: datetime) -> None:
        api.datetime_to_fakedatetime = _with_fold  # type: ignore[assignment]  # names
        self._freezer = freezegun.freeze_time(
            now.astimezone(UTC), real_asyncio=True, ignore=SERVER
        )
        self._clock = cast("FrozenDateTimeFactory", self._freezer.start())

    def set_time(self, now: datetime) -> None:
        """Set it to another instant, earlier or later."""
        self._clock.move_to(now.astimezone(UTC))

    def release(self) -> None:
        """Let it run again."""
        self._freezer.stop()


def _with_fold(real: datetime) -> api.FakeDatetime:
    """Return freezegun's form of an instant, with its `fold`.

    freezegun drops `fold`, which tells the second 02:30 of autumn from the first.
    """
    fake = _FORGETFUL(real)
    return fake.replace(fold=real.fold) if real.fold else fake


_FORGETFUL = api.datetime_to_fakedatetime


class ClockEndpoint:
    """An application and its clock; `woken` is called whenever the clock is set.

    `work` tells what it has to do: due, in_flight, next_at. `rest` waits so many
    seconds at most, until the application takes it that all is done.
    """

    def __init__(
        self,
        app: WSGIApplication,
        clock: FrozenClock,
        woken: Callable[[], object] | None = None,
        work: Callable[[], Work] | None = None,
        rest: Callable[[float], object] = bool,
    ) -> None:
        self._app = app
        self._clock = clock
        self._woken = woken
        self._work = work
        self._rest = rest

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer calls to the clock; pass on all others."""
        if environ["PATH_INFO"] != CLOCK_PATH:
            return self._app(environ, start_response)
        more: dict[str, Work] = {}
        if environ["REQUEST_METHOD"] == "POST":
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            try:
                asked = json.loads(body)
                self._turn(datetime.fromisoformat(asked["now"]))
            except (ValueError, TypeError, KeyError):
                start_response("400 Bad Request", JSON)
                return [b'{"detail": "send {\\"now\\": INSTANT} with an offset"}']
            if self._work and asked.get("settle"):
                more["work"] = _settled(self._work, self._rest)
        start_response("200 OK", JSON)
        now = datetime.now(UTC).isoformat()
        return [json.dumps({"now": now, **more}).encode()]

    def _turn(self, now: datetime) -> None:
        if now.tzinfo is None:
            message = "an instant needs an offset"
            raise ValueError(message)
        self._clock.set_time(now)
        if self._woken:
            self._woken()


def _settled(work: Callable[[], Work], rest: Callable[[float], object]) -> Work:
    """Return what work is left once none is due, or once waiting was in vain."""
    rest(REST_SECONDS)
    for attempt in range(ATTEMPTS):
        left = work()
        if not left["due"] and not left["in_flight"]:
            return left
        wait(FIRST_POLL_SECONDS * 2 ** min(attempt, DOUBLINGS))
    return work()


def work_of(service: Any) -> Work:  # Any: this module knows no integration
    """Return the pending work of the reference service: due, in_flight, next_at."""
    stats = service.queue_stats()
    next_at = stats.next_at and stats.next_at.isoformat()
    return {"due": stats.due, "in_flight": stats.in_flight, "next_at": next_at}


def load_application(factory: str, now: datetime) -> WSGIApplication:
    """Return the application that `module:function` makes, its clock at `now`."""
    module, _, name = factory.partition(":")
    clock = FrozenClock(now)
    app = getattr(importlib.import_module(module), name)()
    parts = getattr(app, "extensions", {})
    service = parts.get("strikeplate")
    if service is None:
        return ClockEndpoint(app, clock)
    work, rest = partial(work_of, service), service.wait_until_idle
    return ClockEndpoint(app, clock, service.wake, work, rest)


def main(arguments: Sequence[str]) -> None:
    """Serve on loopback until a signal ends it.

    RefusedError if the port is taken.
    """
    parser = argparse.ArgumentParser("python -m strikeplate.frozen_clock")
    parser.add_argument("factory", help="what makes the application: module:function")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--now", type=datetime.fromisoformat, required=True)
    asked = parser.parse_args(arguments)
    for variable, value in DEFAULTS.items():
        os.environ.setdefault(variable, value)
    with serving.listener(HOST, asked.port) as bound:
        app = load_application(asked.factory, asked.now)
        serving.stop_at_signals()
        serving.serve(app, bound, serving.Threads(THREADS), lambda: None)


if __name__ == "__main__":
    main(sys.argv[1:])
