"""The gate in front of the vendors: every call of their paths goes through here.

Law: the credential alone decides the world. The world's clock is caught up first;
its lock is held while the vendor acts and the call is written down, and is free
while an answer is late.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

from werkzeug import Request, Response
from werkzeug.exceptions import RequestEntityTooLarge

from fakes.kit import edge
from fakes.kit.call import Call, answer
from fakes.kit.journal import KEPT_BYTES, Line

if TYPE_CHECKING:
    from fakes.kit.faults import Strike
    from fakes.kit.house import House

Act = Callable[[], Response]  # lets the vendor's own view answer


class Gate:
    """Lets calls of vendors' paths through, each in its world."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._counting = Lock()
        self.calls: Counter[tuple[str, int | None]] = Counter()

    def vendor(self, path: str) -> str | None:
        """Return the vendor whose path this is, if any."""
        name = path.split("/", 2)[1]
        return name if name in self._house.fakes else None

    def answer(self, vendor: str, request: Request, act: Act) -> Response:
        """Answer a vendor's call as its caller is to see it."""
        try:
            seen = self._answer(vendor, request, act)
        except RequestEntityTooLarge as error:
            seen = error.get_response()
        with self._counting:
            self.calls[vendor, _status(seen)] += 1
        return seen

    def _answer(self, vendor: str, request: Request, act: Act) -> Response:
        request.get_data()  # held from here on, for the form, the view, the journal
        fake = self._house.fakes[vendor]
        credential = fake.presented(request)
        world = credential and self._house.claims.find(vendor, credential)
        if not world:
            return fake.no_world(request)
        world.catch_up()
        return _let_through(Call(world, vendor, request), act)


def _let_through(call: Call, act: Act) -> Response:
    """Let the vendor act, unless a fault stops it; write down what came of it."""
    world = call.world
    with world.lock:
        strike = world.faults.meet(call.vendor, call.method, call.path, world.now)
    if strike.before:
        edge.delay(call.environ, strike.before.effect.delay_ms)
    with world.lock:
        seen = _spoil(Response() if strike.stops else act(), strike)
        world.journal.add(_line(call, strike, seen))
    if strike.after:
        edge.delay(call.environ, strike.after.effect.delay_ms)
    return seen


def _spoil(own: Response, strike: Strike) -> Response:
    """Return what the caller sees of the vendor's own answer."""
    fault = strike.before if strike.stops else strike.after
    if fault is None or not fault.effect.answers:
        return own
    effect = fault.effect
    if effect.drop:
        return edge.Lost()
    return answer(effect.status or own.status_code, effect.body, effect.headers)


def _line(call: Call, strike: Strike, seen: Response) -> Line:
    struck = strike.after or strike.before
    return Line(
        at=call.world.now,
        vendor=call.vendor,
        method=call.method,
        path=call.path,
        query=call.request.query_string.decode("latin-1"),
        request=call.request.get_data()[:KEPT_BYTES],
        request_type=call.request.content_type or "",
        status=_status(seen),
        answer=seen.get_data()[:KEPT_BYTES],
        answer_type=seen.content_type or "",
        fault=struck.id if struck else None,
        acted=not strike.stops,
        ref=call.ref,
    )


def _status(seen: Response) -> int | None:
    return None if isinstance(seen, edge.Lost) else seen.status_code
