"""While the database is away, each caller is told to try again; then it goes on."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

import psycopg
import pytest

from service.store.database import connected, open_engine
from service.store.store import TROUBLE, Store, StoreUnavailable
from tests.service import postgres
from tests.service.conftest import KEY
from tests.service.env import ServiceEnv
from tests.service.web.conftest import api_of, event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from service.store.database import Tx


@pytest.fixture
def own_server() -> Iterator[postgres.Postgres]:
    folder = postgres.binaries()
    if folder is None:
        pytest.skip("no PostgreSQL here: initdb is neither packaged nor on the PATH")
    with postgres.running(folder) as server:
        yield server


def count_databases(tx: Tx) -> int:
    return len(tx.sql.run("SELECT 1 FROM pg_database").fetchall())


def take_every_connection(server: postgres.Postgres, held: ExitStack) -> None:
    with suppress(psycopg.OperationalError):
        while True:
            held.enter_context(psycopg.connect(server.url))


def test_server_that_cannot_be_reached_is_trouble_of_the_database() -> None:
    engine = open_engine("postgresql://x@/y?host=/nonexistent")
    with pytest.raises(TROUBLE), connected(engine):
        pass


def test_each_caller_is_told_to_try_again_until_the_server_is_back(
    own_server: postgres.Postgres,
) -> None:
    env = ServiceEnv(own_server.url)
    api = api_of(env)
    connection = api.ready()
    own_server.stop()
    answers = [
        api.send(connection, event()),
        api.client.get("/healthz"),
        api.call("GET", "/api/connections"),
    ]
    assert [answer.status_code for answer in answers] == [503, 503, 503]
    assert [answer.headers["Retry-After"] for answer in answers] == ["5", "5", "5"]
    own_server.start()
    assert api.send(connection, event()).status_code == 202
    assert api.client.get("/healthz").status_code == 200
    env.close()


def test_server_without_a_free_connection_is_unavailable(
    own_server: postgres.Postgres,
) -> None:
    store = Store(own_server.url, KEY)
    with psycopg.connect(own_server.url, autocommit=True) as admin, ExitStack() as held:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE pid != pg_backend_pid() AND backend_type = 'client backend'"
        )
        take_every_connection(own_server, held)
        with pytest.raises(StoreUnavailable):
            store.read(count_databases)
    assert store.read(count_databases) > 0
    store.close()


def test_process_opens_no_more_connections_than_it_is_allowed(
    own_server: postgres.Postgres,
) -> None:
    engine = open_engine(own_server.url, 2)
    with connected(engine), connected(engine):
        with psycopg.connect(own_server.url) as admin:
            [[found]] = admin.execute(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE backend_type = 'client backend' AND pid != pg_backend_pid()"
            ).fetchall()
        with pytest.raises(TROUBLE), connected(engine):
            pass
    assert found == 2
    engine.dispose()
