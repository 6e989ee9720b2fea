"""What the writer has read before is what stands in the database now."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from service.clock import now
from service.ids import new_id
from service.store import connections, locks, rivals
from service.store.database import MOST, ReadCache
from service.store.locks import Lock
from service.store.store import Store
from tests.service.conftest import KEY
from tests.service.store.test_store import connection

if TYPE_CHECKING:
    from service.store.connections import Connection
    from service.store.database import Tx


@pytest.fixture
def made(store: Store) -> Connection:
    return store.write(lambda tx: connections.GATEWAY.add(tx, connection()))


def lock(of: Connection) -> Lock:
    return Lock(
        id=new_id("lock", now()),
        connection_id=of.id,
        vendor_id="door-1",
        name="Court 1",
        kind="lock",
        timezone="Europe/Stockholm",
        usable=True,
        unusable_reason=None,
        warning=None,
        battery=None,
        seen_at=now(),
    )


def test_what_another_process_changed_is_seen_by_the_next_transaction(
    database_url: str, store: Store, made: Connection
) -> None:
    def name(tx: Tx) -> str:
        return connections.get(tx, made.id).name

    assert [store.write(name), store.write(name)] == 2 * [made.name]
    other = Store(database_url, KEY)
    other.write(lambda tx: connections.change(tx, made.id, name="changed there"))
    other.close()
    assert [store.write(name), store.write(name)] == 2 * ["changed there"]


def test_what_a_failed_transaction_read_of_its_own_is_not_kept(
    store: Store, made: Connection
) -> None:
    def fail(tx: Tx) -> None:
        connections.change(tx, made.id, name="undone")
        assert connections.get(tx, made.id).name == "undone"
        raise ZeroDivisionError

    with suppress(ZeroDivisionError):
        store.write(fail)
    assert store.write(lambda tx: connections.get(tx, made.id).name) == made.name


def test_rows_that_went_with_a_deleted_one_are_not_found(
    store: Store, made: Connection
) -> None:
    def found(tx: Tx) -> tuple[int, int]:
        return len(locks.of_connection(tx, made.id)), len(rivals.same_locks(tx, its.id))

    its = store.write(lambda tx: locks.GATEWAY.add(tx, lock(made)))
    assert store.write(found) == (1, 1)
    store.write(lambda tx: connections.GATEWAY.remove(tx, id=made.id))
    assert store.write(found) == (0, 0)


def test_answers_are_read_once_for_each_version_of_the_database() -> None:
    cache, reads = ReadCache(), []

    def ask() -> int:
        return cache.get("rules", "all", lambda: reads.append(1) or len(reads))

    cache.follow(1)
    assert [ask(), ask()] == [1, 1]
    cache.follow(1)
    assert ask() == 1
    cache.follow(2)
    assert ask() == 2
    cache.forget("rules")
    assert ask() == 3


def test_nothing_is_kept_where_the_version_is_unknown() -> None:
    cache = ReadCache()
    cache.follow(None)
    cache.get("rules", "all", lambda: "first")
    cache.follow(None)
    assert cache.get("rules", "all", lambda: "second") == "second"


def test_no_more_answers_are_kept_than_there_is_room_for() -> None:
    cache = ReadCache()
    for number in range(MOST + 1):
        cache.get("rules", number, lambda: "first")
    assert cache.get("rules", 0, lambda: "again") == "again"
    assert cache.get("rules", MOST, lambda: "again") == "first"
