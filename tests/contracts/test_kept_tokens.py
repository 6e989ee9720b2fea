"""A restart of the service makes no new login at a vendor that gives tokens."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from service.app import open_service
from service.clock import now
from service.ports import CredentialsRefused
from service.settings import Settings
from service.store import vendor_tokens
from service.use_cases.connections import (
    CreateConnection,
    connect,
    give_credentials,
    refresh,
    remove,
)
from tests.service.conftest import KEY

if TYPE_CHECKING:
    from service.app import Service
    from service.store.connections import Connection

LOGINS = {"livionkey": "/auth/login", "igloohome": "/oauth2/token"}
REFUSALS = {"livionkey": 2, "igloohome": 1}
"""How many calls are refused before a token counts as dead: one asks whether it is."""

pytestmark = pytest.mark.parametrize("vendor", LOGINS)


def logins(world: Any, vendor: str) -> int:
    """Return how many logins the vendor has seen."""
    calls = world.call("GET", f"/requests?vendor={vendor}")
    return sum(each["path"].endswith(LOGINS[vendor]) for each in calls)


def opened(database_url: str) -> closing[Service]:
    """Return the service of a process that starts now on the database."""
    settings = Settings(
        database_url=database_url,
        secret_key=KEY,
        workers=0,
        vendor_hosts=frozenset({"127.0.0.1"}),
    )
    return closing(open_service(settings))


def connected(service: Service, world: Any, vendor: str) -> Connection:
    given = world.data["credentials"][vendor]
    request = CreateConnection(vendor, "Club", "UTC", given)
    return connect(service.deps, request, now())[0]


def refuse_the_token(world: Any, vendor: str) -> None:
    """Have the vendor take the present token for a dead one."""
    fault = {"vendor": vendor, "path": "*/devices", "phase": "before"}
    effect = {"status": 401, "body": "not authorized"}
    world.call("POST", "/faults", **fault, effect=effect, times=REFUSALS[vendor])


def test_restart_logs_in_again_only_once_the_token_is_refused(
    world: Any, vendor: str, sqlite_url: str
) -> None:
    with opened(sqlite_url) as service:
        connection = connected(service, world, vendor)
    first = logins(world, vendor)
    assert first > 0
    for _ in range(3):
        with opened(sqlite_url) as service:
            refresh(service.deps, connection, now())
    assert logins(world, vendor) == first
    refuse_the_token(world, vendor)
    for _ in range(3):
        with opened(sqlite_url) as service:
            refresh(service.deps, connection, now())
    assert logins(world, vendor) == first + 1


def test_token_goes_with_its_connection(
    world: Any, vendor: str, sqlite_url: str
) -> None:
    with opened(sqlite_url) as service:
        store = service.deps.store
        connection = connected(service, world, vendor)
        assert len(store.read(vendor_tokens.GATEWAY.all)) == 1
        remove(service.deps, connection, "https://unused", now())
        assert store.read(vendor_tokens.GATEWAY.all) == []


def test_token_goes_with_the_credentials_that_it_was_given_for(
    world: Any, vendor: str, sqlite_url: str
) -> None:
    with opened(sqlite_url) as service:
        store = service.deps.store
        world.add_door(vendor)
        connection = connected(service, world, vendor)
        [old] = store.read(vendor_tokens.GATEWAY.all)
        path = f"/credentials/{vendor}"
        given = world.call("POST", path, state="renewed")["credentials"]
        with pytest.raises(CredentialsRefused):
            give_credentials(service.deps, connection, {}, now())
        give_credentials(service.deps, connection, given, now())
        [new] = store.read(vendor_tokens.GATEWAY.all)
        assert new.id != old.id
