"""The gate in front of the vendors: every call of their paths goes through here.

Law: the credential alone decides the world. The world's clock is caught up first;
its lock is held while the vendor acts and the call is written down, and is free
while an answer is late.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING

from werkzeug import Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.http import HTTP_STATUS_CODES

from fakes.kit import edge
from fakes.kit.answer import LOST
from fakes.kit.answer import Answer
from fakes.kit.answer import ask
from fakes.kit.answer import made_up
from fakes.kit.call import Call
from fakes.kit.faults import Strike
from fakes.kit.house import House
from fakes.kit.journal import KEPT_BYTES
from fakes.kit.journal import Line

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse
    from _typeshed.wsgi import WSGIApplication
    from _typeshed.wsgi import WSGIEnvironment

LONGEST_BODY = 1_048_576  # bytes


class Gate:
    """WSGI: lets calls of vendors' paths through to the app, each in its world."""

    def __init__(self, app: WSGIApplication, house: House) -> None:
        self._app = app
        self._house = house
        self.calls: Counter[tuple[str, int | None]] = Counter()

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer a vendor's call; hand any other on."""
        vendor = environ["PATH_INFO"].partition("/")[2].partition("/")[0]
        if vendor not in self._house.fakes:
            return self._app(environ, start_response)
        answer = self._answer(vendor, environ)
        self.calls[vendor, answer.status] += 1
        if answer.status is None:
            return edge.drop(environ, start_response)
        start_response(_status_line(answer.status), answer.headers)
        return [answer.body]

    def _answer(self, vendor: str, environ: WSGIEnvironment) -> Answer:
        try:
            request = _read(environ)
        except RequestEntityTooLarge:
            return made_up(413, f"a body holds {LONGEST_BODY} bytes at most", {})
        fake = self._house.fakes[vendor]
        credential = fake.presented(request)
        world = credential and self._house.claims.find(vendor, credential)
        if not world:
            return ask(fake.no_world(request), environ)
        world.catch_up()
        return self._let_through(Call(world, vendor, request))

    def _let_through(self, call: Call) -> Answer:
        """Let the vendor act, unless a fault stops it; write down what came of it."""
        world = call.world
        with world.lock:
            strike = world.faults.meet(call.vendor, call.method, call.path, world.now)
        if strike.before:
            edge.delay(call.environ, strike.before.effect.delay_ms)
        with world.lock:
            answer = LOST if strike.stops else ask(self._app, call.environ)
            seen = _spoil(answer, strike)
            world.journal.add(_line(call, strike, seen))
        if strike.after:
            edge.delay(call.environ, strike.after.effect.delay_ms)
        return seen


def _read(environ: WSGIEnvironment) -> Request:
    """Return the request with its body in hand, and put the body back for the app."""
    request = Request(environ)
    request.max_content_length = LONGEST_BODY
    body = request.get_data()
    environ["wsgi.input"] = BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    return request


def _spoil(answer: Answer, strike: Strike) -> Answer:
    """Return what the caller sees once the faults have done their work."""
    fault = strike.before if strike.stops else strike.after
    if fault is None or not fault.effect.answers:
        return answer
    if fault.effect.drop:
        return LOST
    effect = fault.effect
    return made_up(effect.status or answer.status or 200, effect.body, effect.headers)


def _line(call: Call, strike: Strike, seen: Answer) -> Line:
    struck = strike.after or strike.before
    return Line(
        at=call.world.now,
        vendor=call.vendor,
        method=call.method,
        path=call.path,
        query=call.request.query_string.decode("latin-1"),
        request=call.request.get_data()[:KEPT_BYTES],
        request_type=call.request.content_type or "",
        status=seen.status,
        answer=seen.body[:KEPT_BYTES],
        answer_type=seen.content_type,
        fault=struck.id if struck else None,
        acted=not strike.stops,
        ref=call.ref,
    )


def _status_line(status: int) -> str:
    return f"{status} {HTTP_STATUS_CODES.get(status, 'Unknown')}"
