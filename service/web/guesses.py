"""Whoever guesses keys and tokens is made to wait; whoever has one is not.

Invariants: a key or token that was right before is looked up again, whatever others at
its address have sent. An address whose unknown ones are too many in a minute gets 429
for further unknown ones, without a look into the store. Nothing here holds a key: only
hashes of those that were right, and addresses, both for a while and in bounded number.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from threading import Lock
from time import monotonic
from typing import Any, Final

from flask import current_app

from service.web.validation import Problem

GUESSES: Final = "strikeplate guesses"
MOST: Final = 60
"""How many unknown keys and tokens one address may send in a minute."""

MINUTE: Final = 60.0
REMEMBERED: Final = 10_000


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
    if len(remembered) > REMEMBERED:
        remembered.popitem(last=False)
