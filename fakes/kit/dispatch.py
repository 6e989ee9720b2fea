"""Middleware for the vendors' paths: find the world, apply faults, write the journal.

Invariants: the credential of a call alone decides its world, and a vendor's view gets
its world from `current_world` only. The world's clock is caught up first. The world's
lock is held while the view runs and the journal is written, and is free during a delay.
"""

from __future__ import annotations

import logging
import re
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

import flask
from werkzeug import Request, Response
from werkzeug.exceptions import RequestEntityTooLarge

from fakes.kit.faults.advance import MOVE
from fakes.kit.faults.delay import CHANCE
from fakes.kit.faults.drop import DroppedResponse
from fakes.kit.journal import KEPT_BYTES, REDACTED, JournalEntry
from fakes.kit.json_api import answer

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from fakes.kit.faults import Fault, MatchedFaults
    from fakes.kit.world import AppContext, World

__all__ = ["Call", "Dispatcher", "answer", "current_world", "note"]

logger = logging.getLogger(__name__)
KEY = "strikeplate.call"
UNKNOWN_KEPT = 100
MAYBE_TOKEN = re.compile(r"(?=[^/]*\d)[^/]{16,}")  # a part of a path


@dataclass
class Call:
    """One call to a vendor; `ref` is the id of its subject, for the journal."""

    world: World
    vendor: str
    request: Request
    ref: str | None = None

    def __post_init__(self) -> None:
        self.method = self.request.method
        self.path = self.request.path.removeprefix(f"/{self.vendor}") or "/"
        self.environ[KEY] = self

    @property
    def environ(self) -> WSGIEnvironment:
        """The WSGI environment of the call."""
        return self.request.environ


def current_world() -> World:
    """Return the world of the current call."""
    call: Call = flask.request.environ[KEY]
    return call.world


def note(ref: str) -> None:
    """Note the subject of the call for the journal: the id of a code, a job, a door."""
    flask.request.environ[KEY].ref = ref


Act = Callable[[], Response]  # runs the vendor's view


@dataclass(frozen=True)
class UnknownCall:
    """One call that belongs to no world, so no journal has it."""

    number: int  # of all such calls, from 1
    method: str
    path: str
    status: int
    why: str  # "no credential", "a credential of no account" ...


class Dispatcher:
    """Runs each call to a vendor in the world of its credential."""

    def __init__(self, context: AppContext) -> None:
        self._context = context
        self._counting = Lock()
        self.calls: Counter[tuple[str, int | None]] = Counter()
        self.unknown: deque[UnknownCall] = deque(maxlen=UNKNOWN_KEPT)
        self._unknown_ever = 0

    def vendor(self, path: str) -> str | None:
        """Return the vendor of a path, if any."""
        name = path.split("/", 2)[1]
        return name if name in self._context.fakes else None

    def answer(self, vendor: str, request: Request, act: Act) -> Response:
        """Return the answer to a call, faults applied, and count it for /metrics."""
        try:
            seen = self._answer(vendor, request, act)
        except RequestEntityTooLarge as error:
            seen = error.get_response()
        with self._counting:
            self.calls[vendor, _status(seen)] += 1
        if logger.isEnabledFor(logging.INFO):
            path = MAYBE_TOKEN.sub(REDACTED, request.path)
            logger.info("%s %s: %s", request.method, path, _status(seen) or "no answer")
        return seen

    def note_unknown(self, request: Request, seen: Response, why: str) -> None:
        """Keep a call that belongs to no world, without what may be secret in it."""
        path = MAYBE_TOKEN.sub(REDACTED, request.path)
        with self._counting:
            self._unknown_ever += 1
            number = self._unknown_ever
            self.unknown.append(
                UnknownCall(number, request.method, path, seen.status_code, why)
            )

    def _answer(self, vendor: str, request: Request, act: Act) -> Response:
        request.get_data()  # cached by werkzeug: the view and the journal read it again
        fake = self._context.fakes[vendor]
        credential = fake.presented(request)
        world = credential and self._context.credential_index.find(vendor, credential)
        if not (world and credential):
            refusal = fake.no_world(request)
            why = "a credential of no account" if credential else "no credential"
            self.note_unknown(request, refusal, why)
            return refusal
        world.catch_up()
        if world.is_revoked(vendor, credential):
            act = partial(fake.no_world, request)
        return _dispatch(Call(world, vendor, request), act)


def _dispatch(call: Call, act: Act) -> Response:
    """Answer a call, and count it as open meanwhile."""
    world = call.world
    with world.lock:
        world.open_calls += 1
    try:
        return _with_faults(call, act)
    finally:
        with world.lock:
            world.open_calls -= 1


def _with_faults(call: Call, act: Act) -> Response:
    """Apply faults, run the vendor's view, add a journal entry."""
    world = call.world
    with world.lock:
        matched = world.faults.match(call.vendor, call.method, call.path, world.now)
    if matched.before:
        _wait(call, matched.before)
    with world.lock:
        seen = _apply_effect(Response() if matched.stops else act(), matched)
        world.journal.add(_journal_entry(call, matched, seen))
    if matched.after:
        _wait(call, matched.after)
    return seen


def _wait(call: Call, fault: Fault) -> None:
    faults = call.world.faults

    def ended() -> bool:
        return all(each is not fault for each in faults)

    call.environ["strikeplate.fault_ended"] = ended
    call.environ[CHANCE] = faults.chance(fault, "delay")
    call.environ[MOVE] = call.world.pass_time
    fault.effect.wait(call.environ)


def _apply_effect(own: Response, matched: MatchedFaults) -> Response:
    """Return the answer that the caller gets."""
    fault = matched.before if matched.stops else matched.after
    return fault.effect.replace(own) if fault else own


def _journal_entry(call: Call, matched: MatchedFaults, seen: Response) -> JournalEntry:
    struck = matched.after or matched.before
    return JournalEntry(
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
        acted=not matched.stops,
        ref=call.ref,
    )


def _status(seen: Response) -> int | None:
    return None if isinstance(seen, DroppedResponse) else seen.status_code
