"""One writer thread, and one commit for all who wait: group commit.

Law: nobody's call returns before its own work is durable, and work that fails takes
nobody else's with it. SQLite lets one writer in at a time and spends its time in
the sync of the commit; sharing that sync is where the throughput comes from. Work
that is the same for many things is done for all that wait at once.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import groupby
from operator import attrgetter
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, Final, TypeVar

from service.store.engine import TO_WRITE, connected, transaction
from service.store.tx import Tx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy import Engine

    from service.store.vault import Vault

Thing = TypeVar("Thing")
Result = TypeVar("Result")

TOGETHER: Final = 256
"""How many pieces of work share one commit at most."""


class Writer:
    """Runs work in transactions that may write; safe to call from many threads."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._pieces: SimpleQueue[_Piece | None] = SimpleQueue()
        self._thread = Thread(target=self._run, args=(engine, vault), daemon=True)
        self._thread.start()

    def write(
        self, work: Callable[[Tx, Sequence[Thing]], Sequence[Result]], thing: Thing
    ) -> Result:
        """Return what the work makes of the thing, once it is durable.

        It is given all things that wait for the same work, and makes one result of
        each. What it raises is raised again, unless it goes well for the thing alone.
        """
        piece = _Piece(work, thing)
        self._pieces.put(piece)
        result: Result = piece.outcome()
        return result

    def close(self) -> None:
        """Return once everything handed in before is written and the thread ended."""
        self._pieces.put(None)
        self._thread.join()

    def _run(self, engine: Engine, vault: Vault) -> None:
        with connected(engine) as sql:
            tx = Tx(sql, vault)
            while True:
                pieces = self._next()
                _commit(tx, [piece for piece in pieces if piece])
                if None in pieces:
                    return

    def _next(self) -> list[_Piece | None]:
        pieces = [self._pieces.get()]
        with suppress(Empty):
            while len(pieces) < TOGETHER:
                pieces.append(self._pieces.get_nowait())
        return pieces


def _commit(tx: Tx, pieces: list[_Piece]) -> None:
    failed: BaseException | None = None
    try:
        with transaction(tx.sql, TO_WRITE[tx.sql.dialect.name]):
            for _, alike in groupby(pieces, attrgetter("work")):
                _do(tx, list(alike))
    except Exception as error:  # noqa: BLE001 (it is raised again by each caller)
        failed = error
    for piece in pieces:
        piece.settle(failed)


def _do(tx: Tx, pieces: list[_Piece]) -> None:
    """Do work for all of its pieces; if it fails, undo it and do it for each alone."""
    try:
        with tx.apart():
            results = pieces[0].work(tx, [piece.thing for piece in pieces])
    except BaseException as failed:  # noqa: BLE001 (raised again by the caller)
        if len(pieces) == 1:
            pieces[0].failed = failed
            return
        for piece in pieces:
            _do(tx, [piece])
    else:
        _hand_out(pieces, results)


def _hand_out(pieces: Iterable[_Piece], results: Iterable[object]) -> None:
    for piece, result in zip(pieces, results, strict=True):
        piece.result = result


class _Piece:
    """Work for one thing, and its outcome."""

    def __init__(self, work: Callable[..., Sequence[Any]], thing: object) -> None:
        self.work = work
        self.thing = thing
        self.result: Any = None  # any result: the caller knows its type
        self.failed: BaseException | None = None
        self._unsettled = Lock()  # a Future does the same at ten times the price
        self._unsettled.acquire()

    def settle(self, failed: BaseException | None) -> None:
        """Let the caller go on: it is durable, or the commit failed."""
        self.failed = failed or self.failed
        self._unsettled.release()

    def outcome(self) -> Any:
        """Return the result once it is durable; raise what went wrong."""
        self._unsettled.acquire()
        if self.failed is not None:
            raise self.failed
        return self.result
