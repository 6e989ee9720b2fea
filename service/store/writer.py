"""One writer thread, and one commit for all who wait: group commit.

Law: nobody's call returns before its own work is durable, and work that fails takes
nobody else's with it. SQLite lets one writer in at a time and spends its time in
the sync of the commit; sharing that sync is where the throughput comes from.
"""

from __future__ import annotations

from contextlib import suppress
from queue import Empty
from queue import SimpleQueue
from threading import Lock
from threading import Thread
from typing import TYPE_CHECKING
from typing import Any
from typing import Final
from typing import TypeVar

from service.store.engine import TO_WRITE
from service.store.engine import connected
from service.store.engine import transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from service.store.sql import Sql

Result = TypeVar("Result")

TOGETHER: Final = 256
"""How many pieces of work share one commit at most."""


class Writer:
    """Runs work in transactions that may write; safe to call from many threads."""

    def __init__(self, engine: Engine) -> None:
        self._pieces: SimpleQueue[_Piece | None] = SimpleQueue()
        self._thread = Thread(target=self._run, args=(engine,), daemon=True)
        self._thread.start()

    def write(self, work: Callable[[Sql], Result]) -> Result:
        """Return what the work returns, once it is durable; raise what it raises."""
        piece = _Piece(work)
        self._pieces.put(piece)
        result: Result = piece.outcome()
        return result

    def close(self) -> None:
        """Return once everything handed in before is written and the thread ended."""
        self._pieces.put(None)
        self._thread.join()

    def _run(self, engine: Engine) -> None:
        with connected(engine) as sql:
            while True:
                pieces = self._next()
                _commit(sql, [piece for piece in pieces if piece])
                if None in pieces:
                    return

    def _next(self) -> list[_Piece | None]:
        pieces = [self._pieces.get()]
        with suppress(Empty):
            while len(pieces) < TOGETHER:
                pieces.append(self._pieces.get_nowait())
        return pieces


def _commit(sql: Sql, pieces: list[_Piece]) -> None:
    failed: BaseException | None = None
    try:
        with transaction(sql, TO_WRITE[sql.dialect.name]):
            for piece in pieces:
                piece.run(sql)
    except Exception as error:  # noqa: BLE001 (it is raised again by each caller)
        failed = error
    for piece in pieces:
        piece.settle(failed)


class _Piece:
    """One piece of work, in a savepoint of its own, and its outcome."""

    def __init__(self, work: Callable[[Sql], Any]) -> None:
        self._work = work
        self._result: Any = None  # any result: the caller knows its type
        self._failed: BaseException | None = None
        self._unsettled = Lock()  # a Future does the same at ten times the price
        self._unsettled.acquire()

    def run(self, sql: Sql) -> None:
        """Do the work, or undo what there is of it."""
        sql.run("SAVEPOINT piece")
        try:
            self._result = self._work(sql)
        except BaseException as failed:  # noqa: BLE001 (raised again by the caller)
            sql.run("ROLLBACK TO piece")
            self._failed = failed
        sql.run("RELEASE piece")

    def settle(self, failed: BaseException | None) -> None:
        """Let the caller go on: it is durable, or the commit failed."""
        self._failed = failed or self._failed
        self._unsettled.release()

    def outcome(self) -> Any:
        """Return the result once it is durable; raise what went wrong."""
        self._unsettled.acquire()
        if self._failed is not None:
            raise self._failed
        return self._result
