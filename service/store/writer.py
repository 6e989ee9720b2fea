"""One writer thread, and one commit for all who wait: group commit.

Invariants: nobody's call returns before its own work is durable, and work that fails
takes nobody else's with it. SQLite lets one writer in at a time and spends its time in
the sync of the commit; sharing that sync is where the throughput comes from. Work that
is the same for many things is done for all that wait at once.
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

MAX_BATCH: Final = 256
"""How many pieces of work share one commit at most."""


class Writer:
    """Runs work in transactions that may write; safe to call from many threads."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self._queue: SimpleQueue[_QueuedWork | None] = SimpleQueue()
        self._thread = Thread(target=self._run, args=(engine, vault), daemon=True)
        self._thread.start()

    def write(
        self, work: Callable[[Tx, Sequence[Thing]], Sequence[Result]], thing: Thing
    ) -> Result:
        """Return what the work makes of the thing, once it is durable.

        It is given all things that wait for the same work, and makes one result of
        each. What it raises is raised again, unless it goes well for the thing alone.
        """
        item = _QueuedWork(work, thing)
        self._queue.put(item)
        result: Result = item.outcome()
        return result

    def close(self) -> None:
        """Return once everything handed in before is written and the thread ended."""
        self._queue.put(None)
        self._thread.join()

    def _run(self, engine: Engine, vault: Vault) -> None:
        with connected(engine) as sql:
            tx = Tx(sql, vault)
            while True:
                items = self._next()
                _commit(tx, [item for item in items if item])
                if None in items:
                    return

    def _next(self) -> list[_QueuedWork | None]:
        items = [self._queue.get()]
        with suppress(Empty):
            while len(items) < MAX_BATCH:
                items.append(self._queue.get_nowait())
        return items


def _commit(tx: Tx, items: list[_QueuedWork]) -> None:
    failed: BaseException | None = None
    try:
        with transaction(tx.sql, TO_WRITE[tx.sql.dialect.name]):
            for _, alike in groupby(items, attrgetter("work")):
                _do(tx, list(alike))
    except Exception as error:  # noqa: BLE001 (it is raised again by each caller)
        failed = error
    for item in items:
        item.finish(failed)


def _do(tx: Tx, items: list[_QueuedWork]) -> None:
    """Do work for all of its pieces; if it fails, undo it and do it for each alone."""
    try:
        with tx.savepoint():
            results = items[0].work(tx, [item.thing for item in items])
    except BaseException as failed:  # noqa: BLE001 (raised again by the caller)
        if len(items) == 1:
            items[0].failed = failed
            return
        for item in items:
            _do(tx, [item])
    else:
        _set_results(items, results)


def _set_results(items: Iterable[_QueuedWork], results: Iterable[object]) -> None:
    for item, result in zip(items, results, strict=True):
        item.result = result


class _QueuedWork:
    """Work for one thing, and its outcome."""

    def __init__(self, work: Callable[..., Sequence[Any]], thing: object) -> None:
        self.work = work
        self.thing = thing
        self.result: Any = None  # any result: the caller knows its type
        self.failed: BaseException | None = None
        self._pending = Lock()  # a Future does the same at ten times the price
        self._pending.acquire()

    def finish(self, failed: BaseException | None) -> None:
        """Let the caller go on: it is durable, or the commit failed."""
        self.failed = failed or self.failed
        self._pending.release()

    def outcome(self) -> Any:
        """Return the result once it is durable; raise what went wrong."""
        self._pending.acquire()
        if self.failed is not None:
            raise self.failed
        return self.result
