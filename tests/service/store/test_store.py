"""The store keeps what it said it kept, on each kind of database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from cryptography.fernet import Fernet
from sqlalchemy import text

from service.clock import now
from service.ids import new_id
from service.secret import Secret
from service.store import audit, connections, tokens
from service.store.connections import Connection
from service.store.database import DatabaseUrlError, open_engine
from service.store.schema import with_indexes
from service.store.store import Store, StoreUnavailable
from service.store.vault import SecretKeyError, Vault
from tests.service.conftest import KEY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from service.store.database import Tx


def connection(key: str = "k") -> Connection:
    return Connection(
        id=new_id("con", now()),
        key=key,
        vendor="stub",
        name="Club",
        timezone="Europe/Stockholm",
        account="ada",
        linked=True,
        active=True,
        terms_accepted_at=None,
        owner_email=None,
        sealed_signing_secret="",
        sealed_credentials="",
        created_at=now(),
    )


def test_what_was_written_is_read_back_the_same(store: Store) -> None:
    written = store.write(lambda tx: connections.GATEWAY.add(tx, connection()))
    assert store.read(lambda tx: connections.by_key(tx, "k")) == written
    assert store.read_one(lambda tx: connections.by_key(tx, "k")) == written


def test_a_reader_sees_one_moment(store: Store) -> None:
    def look_twice(tx: Tx) -> list[int]:
        before = len(connections.GATEWAY.all(tx))
        store.write(lambda other: connections.GATEWAY.add(other, connection()))
        return [before, len(connections.GATEWAY.all(tx))]

    assert store.read(look_twice) == [0, 0]
    assert store.read(lambda tx: len(connections.GATEWAY.all(tx))) == 1


def test_constraint_violation_is_reported_without_its_values(
    store: Store,
) -> None:
    first = connection()
    store.write(lambda tx: connections.GATEWAY.add(tx, first))
    with pytest.raises(StoreUnavailable) as refused:
        store.write(lambda tx: connections.GATEWAY.add(tx, first))
    assert "IntegrityError" in str(refused.value)
    assert first.id not in str(refused.value)
    assert refused.value.__cause__ is None
    assert store.read(lambda tx: len(connections.GATEWAY.all(tx))) == 1


def test_work_that_fails_leaves_nothing(store: Store) -> None:
    def add_and_fail(tx: Tx) -> None:
        connections.GATEWAY.add(tx, connection())
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.write(add_and_fail)
    assert store.read(lambda tx: connections.by_key(tx, "k")) is None


def test_work_that_fails_takes_nobody_elses_with_it(store: Store) -> None:
    together = Barrier(8)
    failed: list[str] = []

    def add(number: int) -> None:
        def work(tx: Tx) -> None:
            connections.GATEWAY.add(tx, connection(f"k{number}"))
            if number % 2:
                raise ZeroDivisionError

        together.wait()
        try:
            store.write(work)
        except ZeroDivisionError:
            failed.append(f"k{number}")

    threads = [Thread(target=add, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = store.read(lambda tx: {each.key for each in connections.GATEWAY.all(tx)})
    assert kept == {"k0", "k2", "k4", "k6"}
    assert sorted(failed) == ["k1", "k3", "k5", "k7"]


def test_things_that_fail_together_are_each_done_alone(store: Store) -> None:
    together = Barrier(8)
    failed: list[int] = []

    def add(tx: Tx, numbers: Sequence[int]) -> list[str]:
        for number in numbers:
            connections.GATEWAY.add(tx, connection(f"k{number}"))
        if any(number % 2 for number in numbers):
            raise ZeroDivisionError
        return [f"k{number}" for number in numbers]

    def ask(number: int) -> None:
        together.wait()
        try:
            assert store.write_for(add, number) == f"k{number}"
        except ZeroDivisionError:
            failed.append(number)

    with ThreadPoolExecutor(8) as askers:
        list(askers.map(ask, range(8)))
    kept = store.read(lambda tx: {each.key for each in connections.GATEWAY.all(tx)})
    assert kept == {"k0", "k2", "k4", "k6"}
    assert sorted(failed) == [1, 3, 5, 7]


def test_settings_that_are_read_once_are_those_of_now(store: Store) -> None:
    def names(tx: Tx) -> list[str]:
        return [connections.get(tx, made.id).name, found(tx).name]

    def found(tx: Tx) -> Connection:
        [one] = connections.by_ids(tx, {made.id}).values()
        return one

    def work(tx: Tx) -> list[list[str]]:
        seen = [names(tx)]
        connections.change(tx, made.id, name="changed")
        seen.append(names(tx))
        with suppress(ZeroDivisionError), tx.savepoint():
            connections.change(tx, made.id, name="undone")
            seen.append(names(tx))
            raise ZeroDivisionError
        return [*seen, names(tx)]

    made = store.write(lambda tx: connections.GATEWAY.add(tx, connection()))
    before, *after = store.write(work)
    assert before == 2 * [made.name]
    assert after == [2 * ["changed"], 2 * ["undone"], 2 * ["changed"]]
    store.write(lambda tx: connections.change(tx, made.id, name="later"))
    assert store.write(names) == 2 * ["later"]


def test_a_second_process_finds_the_records(database_url: str, store: Store) -> None:
    store.write(lambda tx: connections.GATEWAY.add(tx, connection()))
    other = Store(database_url, KEY)
    assert other.read(lambda tx: connections.by_key(tx, "k")) is not None
    other.close()


def test_migrations_lead_to_the_tables_as_they_are(
    database_url: str, store: Store
) -> None:
    del store
    engine = open_engine(database_url)
    with engine.connect() as sql:
        context = MigrationContext.configure(sql, opts={"compare_type": True})
        differences = compare_metadata(context, with_indexes())
    engine.dispose()
    assert differences == []


def test_database_of_the_first_version_gets_the_tables_that_it_lacks(
    database_url: str,
) -> None:
    engine = open_engine(database_url)
    with engine.begin() as sql:
        sql.execute(text("DROP TABLE audit"))
        sql.execute(text("DROP TABLE api_tokens"))
        sql.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()
    upgraded = Store(database_url, KEY)
    assert upgraded.read(audit.GATEWAY.all) == []
    assert upgraded.read(tokens.GATEWAY.all) == []
    upgraded.close()


def test_database_of_an_earlier_version_gets_the_columns_that_it_lacks(
    database_url: str,
) -> None:
    engine = open_engine(database_url)
    with engine.begin() as sql:
        sql.execute(text("ALTER TABLE connections DROP COLUMN margin_after_hours"))
        sql.execute(text("UPDATE alembic_version SET version_num = '0005'"))
    engine.dispose()
    upgraded = Store(database_url, KEY)
    assert upgraded.read(connections.GATEWAY.all) == []
    upgraded.close()


def test_sqlite_syncs_every_commit(sqlite_url: str) -> None:
    store = Store(sqlite_url, KEY)
    asked = ("journal_mode", "synchronous", "foreign_keys")
    found = store.write(
        lambda tx: [tx.sql.run(f"PRAGMA {name}").fetchone()[0] for name in asked]
    )
    store.close()
    assert found == ["wal", 2, 1]


def test_secrets_open_with_the_key_they_were_sealed_with(sqlite_url: str) -> None:
    first = Store(sqlite_url, KEY)
    sealed = first.vault.seal(Secret("0042"))
    first.close()
    assert "0042" not in sealed
    reload_connection = Store(sqlite_url, KEY)
    assert reload_connection.vault.open(sealed) == Secret("0042")
    reload_connection.close()
    other = Vault(Secret(Fernet.generate_key().decode()))
    with pytest.raises(SecretKeyError, match="STRIKEPLATE_SECRET_KEY"):
        other.open(sealed)


def test_store_does_not_open_with_another_key(database_url: str) -> None:
    with pytest.raises(SecretKeyError, match="STRIKEPLATE_SECRET_KEY"):
        Store(database_url, Secret(Fernet.generate_key().decode()))
    Store(database_url, KEY).close()


def test_database_of_a_newer_version_is_refused(database_url: str) -> None:
    engine = open_engine(database_url)
    with engine.begin() as sql:
        sql.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(DatabaseUrlError, match=r"'9999'.* start the newer service"):
        Store(database_url, KEY)


def test_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "doors.db").write_bytes(b"something else " * 100)
    with pytest.raises(DatabaseUrlError, match="is not an SQLite database"):
        Store(f"sqlite:///{tmp_path}/doors.db", KEY)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite://", "names no file"),
        ("mysql://root:hunter2@host/name", "'mysql'"),
        ("not a url", "cannot be read"),
    ],
)
def test_a_database_that_will_not_do_is_refused_with_the_fix(
    url: str, says: str
) -> None:
    with pytest.raises(DatabaseUrlError, match=says) as refused:
        open_engine(url)
    assert "sqlite:///strikeplate.db" in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_a_server_that_is_away_is_unavailable_without_its_password() -> None:
    with pytest.raises(StoreUnavailable) as away:
        Store("postgresql://ada:hunter2@127.0.0.1:1/none", KEY).close()
    assert "hunter2" not in str(away.value)


def test_files_of_the_database_are_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "doors.db"
    path.touch(0o644)
    store = Store(f"sqlite:///{path}", KEY)
    store.write(lambda tx: connections.GATEWAY.add(tx, connection()))
    modes = {each.name: each.stat().st_mode & 0o777 for each in tmp_path.glob("*.db*")}
    store.close()
    assert {"doors.db", "doors.db-wal", "doors.db-shm"} <= modes.keys()
    del modes["doors.db.lock"]  # it is empty
    assert set(modes.values()) == {0o600}
    assert (tmp_path / "doors.marks").stat().st_mode & 0o777 == 0o700
