"""Transactions of PostgreSQL that meet: neither waits for long, and nothing is put off.

Two processes that reconcile bookings of one lock used to wait for each other, and both
then put the codes off by the five minutes that a fault of ours costs.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from threading import Thread
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from sqlalchemy.engine import make_url

from service.store import accesses, locks
from service.store.store import Store
from tests.service.conftest import KEY
from tests.service.env import ServiceEnv
from tests.service.test_served import wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from service.store.accesses import Access
    from service.store.database import Tx

WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def with_option(url: str, option: str) -> str:
    """Return the URL whose connections have this setting of the server."""
    found = make_url(url).update_query_dict({"options": f"-c {option}"})
    return found.render_as_string(hide_password=False)


@pytest.fixture
def env(postgres_url: str) -> Iterator[ServiceEnv]:
    """Yield the service; it gives way in a deadlock, after five seconds."""
    made = ServiceEnv(with_option(postgres_url, "deadlock_timeout=5s"))
    made.rule()
    yield made
    made.close()


def referring_to(access: Access) -> Access:
    """Return another access of its lock, which nobody wants."""
    apart = replace(access, id="acc_other", booking_ref=None, wanted=False)
    return replace(apart, by_hand=True, due_at=None)


def test_lock_that_others_refer_to_can_be_held(
    env: ServiceEnv, postgres_url: str
) -> None:
    env.send_event("confirmed")
    env.work()
    access = env.access()
    impatient = with_option(postgres_url, "lock_timeout=10s")
    with closing(Store(impatient, KEY)) as other:

        def refer(tx: Tx) -> str:
            accesses.GATEWAY.add(tx, referring_to(access))
            held = other.write(
                lambda inner: locks.GATEWAY.get_for_update(inner, access.lock_id)
            )
            return held.id

        assert env.service.deps.store.write(refer) == access.lock_id


@pytest.mark.parametrize(
    "hold",
    [
        pytest.param("SELECT FROM locks FOR UPDATE", id="while it reconciles"),
        pytest.param("SELECT FROM locks FOR NO KEY UPDATE", id="while it prepares"),
    ],
)
def test_work_whose_transaction_gives_way_is_not_put_off(
    env: ServiceEnv, postgres_url: str, hold: str
) -> None:
    env.send_event("confirmed")
    with (
        psycopg.connect(postgres_url) as rival,
        psycopg.connect(postgres_url, autocommit=True) as watch,
    ):
        rival.execute("SET deadlock_timeout = '60s'")
        rival.execute(hold)
        works = Thread(target=env.work)
        works.start()
        wait_for(lambda: _first(watch, WAITS))
        # The worker has locked the booking, and waits for the lock that is held here
        rival.execute("UPDATE bookings SET resource = resource")
        rival.rollback()
        works.join()
    env.work()
    assert env.access().status == "created"
    assert env.access().attempts <= 1


def _first(connection: psycopg.Connection[Any], query: str) -> int:
    [found] = connection.execute(query).fetchone() or [0]
    return int(found)
