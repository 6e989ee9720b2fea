"""What runs often never reads a table through, however much is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from service.clock import now
from service.store import (
    accesses,
    bookings,
    keys,
    leases,
    messages,
    overview,
    retention,
)
from service.store.database import Sql
from service.store.overview import AccessFilter
from service.store.store import Store
from tests.service.conftest import KEY

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from sqlalchemy import Table

    from service.store.database import Tx

WHOLE = "sqlite_autoindex"
"""The index of a primary key, which holds every row."""

OFTEN: dict[str, Callable[[Tx], object]] = {
    "whether anything is due": leases.next_due_by_queue,
    "how much is due": lambda tx: leases.queue_stats(tx, now()),
    "bookings with news": lambda tx: bookings.due_to_reconcile(tx, now(), limit=50),
    "work of one kind": lambda tx: leases.due(tx, leases.LEASED[0], now(), limit=8),
    "work besides": lambda tx: leases.due_besides(tx, leases.LEASED[0], now()),
    "who may have a key": lambda tx: keys.hold_periods_from(tx, "lock_1", now()),
    "who had a key last": lambda tx: keys.last_hold_period(tx, "lock_1", now()),
    "accesses of a lock": lambda tx: accesses.of_lock(tx, "lock_1"),
    "accesses that failed": lambda tx: overview.page(
        tx, AccessFilter(status="failed"), now(), None, 50
    ),
    "messages that failed": lambda tx: messages.failed(tx, 50),
    "deleting": lambda tx: retention.delete_old(tx, now()),
}


@pytest.fixture
def plans_of(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Callable[[Tx], object]], list[str]]:
    plans: list[str] = []

    def run(sql: Sql, words: str, values: Any = ()) -> Any:
        if words.startswith(("SELECT", "UPDATE", "DELETE")):
            asked = sql.driver.execute(f"EXPLAIN QUERY PLAN {words}", values)
            plans.extend(row[3] for row in asked)
        return sql.driver.execute(words, values)

    def planned(work: Callable[[Tx], object]) -> list[str]:
        monkeypatch.setattr(Sql, "run", run)
        store = Store(sqlite_url, KEY)
        plans.clear()
        store.write(work)
        store.close()
        return plans

    return planned


@pytest.mark.parametrize("name", OFTEN)
def test_it_finds_its_rows_by_an_index(
    name: str, plans_of: Callable[[Callable[[Tx], object]], list[str]]
) -> None:
    plans = plans_of(OFTEN[name])
    read_through = [
        plan
        for plan in plans
        if plan.startswith("SCAN ") and ("USING" not in plan or WHOLE in plan)
    ]
    assert plans
    assert read_through in ([], ["SCAN CONSTANT ROW"], 5 * ["SCAN CONSTANT ROW"])


@pytest.mark.parametrize("queue", leases.LEASED, ids=lambda queue: queue.name)
def test_a_connections_work_is_found_among_what_is_due_and_not_among_all_it_has(
    queue: Table, plans_of: Callable[[Callable[[Tx], object]], list[str]]
) -> None:
    plan, *_ = plans_of(lambda tx: leases.due_of(tx, queue, now(), "con_1", limit=1))
    assert f"ix_{queue.name}_due" in plan


@pytest.mark.parametrize("store", [accesses, messages], ids=["accesses", "messages"])
def test_what_a_booking_has_is_found_by_the_booking_and_not_among_its_connections(
    store: ModuleType, plans_of: Callable[[Callable[[Tx], object]], list[str]]
) -> None:
    plan, *_ = plans_of(lambda tx: store.of_booking(tx, "con_1", "B-1"))
    assert "(connection_id=? AND booking_ref=?)" in plan
