"""Who calls, what they may do, and the trail of the codes that they see.

Whoever guesses keys and tokens is made to wait; whoever has one is not.

Invariants: a code leaves the service by an answer only where `may_see` said yes, and
then after its entry in the trail is durable. The same caller who looks at the same code
again within the same hour adds no entry. A sign-in of any kind sets `g.caller`.
A key or token that was right before is looked up again, whatever others at its address
have sent. An address whose unknown ones are too many in a minute gets 429 for further
unknown ones, without a look into the store. Nothing here holds a key: only hashes of
those that were right, and addresses, both for a while and in bounded number.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from threading import Lock
from time import monotonic
from typing import Any, Final

from flask import current_app, g

from service.app import Service
from service.clock import now
from service.store import audit
from service.store.audit import Action
from service.store.tokens import EVERYTHING, Scope
from service.web.validation import Problem

TRAIL: Final = "strikeplate trail"
REMEMBERED: Final = 50_000
"""How many entries of this hour are remembered, so that none is added again."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who may call: their name in the trail, and their scopes."""

    name: str
    scopes: frozenset[Scope] = EVERYTHING


def caller() -> Caller:
    """Return who makes the present call; they have been let in before."""
    found: Caller = g.caller
    return found


class Trail:
    """Adds to the audit trail of one service; safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._added: OrderedDict[tuple[str, ...], None] = OrderedDict()

    def seen(
        self, service: Service, name: str, action: Action, subjects: Collection[str]
    ) -> None:
        """Add what was not added in this hour; return once it is durable."""
        at = now()
        hour = f"{at:%Y-%m-%dT%H}"
        new = [
            each for each in subjects if (hour, name, action, each) not in self._added
        ]
        if not new:
            return
        service.deps.store.write(lambda tx: audit.add(tx, at, name, action, new))
        with self._lock:
            self._added.update(
                dict.fromkeys((hour, name, action, each) for each in new)
            )
            while len(self._added) > REMEMBERED:
                self._added.popitem(last=False)


def may_see(service: Service, action: Action, subjects: Collection[str]) -> bool:
    """Return whether the caller may see these codes; the trail then says so."""
    who = caller()
    if Scope.CODES not in who.scopes:
        return False
    trail: Trail = current_app.extensions[TRAIL]
    trail.seen(service, who.name, action, subjects)
    return True


def note(service: Service, action: Action, subject: str) -> None:
    """Add what the caller did to the trail."""
    at, name = now(), caller().name
    service.deps.store.write(lambda tx: audit.add(tx, at, name, action, [subject]))


GUESSES: Final = "strikeplate guesses"
MOST: Final = 60
"""How many unknown keys and tokens one address may send in a minute."""

MINUTE: Final = 60.0
MOST_KNOWN: Final = 10_000


class GuessLimit:
    """Counts unknown keys and tokens by address; safe to use from many threads."""

    def __init__(self, timer: Callable[[], float] = monotonic) -> None:
        self._timer = timer
        self._lock = Lock()
        self._right: OrderedDict[bytes, None] = OrderedDict()
        self._wrong: OrderedDict[str, tuple[float, int]] = OrderedDict()

    @contextmanager
    def attempt(self, address: str, key: str) -> Iterator[None]:
        """Look a key up in the block, which raises `Problem` or `LookupError` for none.

        Raises the problem 429 instead where the address has guessed too often.
        """
        known = hashlib.sha256(key.encode(errors="replace")).digest()
        self._check(address, known)
        try:
            yield
        except (Problem, LookupError):
            self._count(address)
            raise
        with self._lock:
            self._right[known] = None
            _shorten(self._right)

    def _check(self, address: str, known: bytes) -> None:
        with self._lock:
            begun, count = self._wrong.get(address, (0.0, 0))
            left = begun + MINUTE - self._timer()
            if known in self._right or count < MOST or left <= 0:
                return
        detail = "too many unknown keys or tokens came from this address; wait"
        seconds = {"Retry-After": str(round(left) + 1)}
        raise Problem(HTTPStatus.TOO_MANY_REQUESTS, detail, headers=seconds)

    def _count(self, address: str) -> None:
        with self._lock:
            at = self._timer()
            begun, count = self._wrong.get(address, (at, 0))
            fresh = at - begun >= MINUTE
            self._wrong[address] = (at, 1) if fresh else (begun, count + 1)
            self._wrong.move_to_end(address)
            _shorten(self._wrong)


def guess_limit() -> GuessLimit:
    """Return the limit of the current app."""
    limit: GuessLimit = current_app.extensions[GUESSES]
    return limit


def _shorten(remembered: OrderedDict[Any, Any]) -> None:  # Any: either of the two
    if len(remembered) > MOST_KNOWN:
        remembered.popitem(last=False)
