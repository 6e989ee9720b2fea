"""One writer thread, and one commit for all who wait: group commit.

Law: nobody's call returns before its own work is durable, and work that fails takes
nobody else's with it. SQLite lets one writer in at a time and spends its time in
the sync of the commit; sharing that sync is where the throughput comes from.
"""

from __future__ import annotations

from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from queue import Empty
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING
from typing import Any
from typing import Final
from typing import TypeVar

from service.store.engine import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection
    from sqlalchemy import Engine

Result = TypeVar("Result")

TOGETHER: Final = 256
"""How many pieces of work share one commit at most."""


class Writer:
    """Runs work in transactions that may write; safe to call from many threads."""

    def __init__(self, engine: Engine) -> None:
        self._pieces: SimpleQueue[_Piece | None] = SimpleQueue()
        writing = engine.execution_options(writes=True)
        self._thread = Thread(target=self._run, args=(writing,), daemon=True)
        self._thread.start()

    def write(self, work: Callable[[Connection], Result]) -> Result:
        """Return what the work returns, once it is durable; raise what it raises."""
        piece = _Piece(work)
        self._pieces.put(piece)
        result: Result = piece.outcome.result()
        return result

    def close(self) -> None:
        """Return once everything handed in before is written and the thread ended."""
        self._pieces.put(None)
        self._thread.join()

    def _run(self, engine: Engine) -> None:
        with engine.connect() as sql:
            while True:
                pieces = self._next()
                self._commit(sql, [piece for piece in pieces if piece])
                if None in pieces:
                    return

    def _next(self) -> list[_Piece | None]:
        pieces = [self._pieces.get()]
        with suppress(Empty):
            while len(pieces) < TOGETHER:
                pieces.append(self._pieces.get_nowait())
        return pieces

    def _commit(self, sql: Connection, pieces: list[_Piece]) -> None:
        try:
            with sql.begin():
                settle = [piece.run(sql) for piece in pieces]
        except Exception as failed:  # noqa: BLE001 (it is raised again by each caller)
            settle = [partial(piece.outcome.set_exception, failed) for piece in pieces]
        for settled in settle:
            settled()


class _Piece:
    """One piece of work, in a savepoint of its own, and its outcome."""

    def __init__(self, work: Callable[[Connection], Any]) -> None:
        self._work = work
        self.outcome: Future[Any] = Future()  # any result: the caller knows its type

    def run(self, sql: Connection) -> Callable[[], None]:
        """Return what tells the caller the outcome, to be called after the commit."""
        run(sql, "SAVEPOINT piece")
        try:
            settle = partial(self.outcome.set_result, self._work(sql))
        except BaseException as failed:  # noqa: BLE001 (raised again by the caller)
            run(sql, "ROLLBACK TO piece")
            settle = partial(self.outcome.set_exception, failed)
        run(sql, "RELEASE piece")
        return settle
