"""Connections: nothing is stored before the vendor said yes (CON-01, CON-06)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from service.clock import now
from service.domain.errors import SemanticError
from service.ports import CredentialsRefused, VendorBusy, VendorLock
from service.store import connections, locks
from service.use_cases.connections import (
    CreateConnection,
    connect,
    give_credentials,
    refresh,
    rotate_secret,
    verify,
)
from tests.service.stub_vendor import PASSWORD

if TYPE_CHECKING:
    from tests.service.env import ServiceEnv

REQUEST = CreateConnection("stub", "Club", "Europe/Stockholm", {"password": PASSWORD})


def number_of_connections(env: ServiceEnv) -> int:
    return len(env.service.deps.store.read(connections.GATEWAY.all))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"vendor": "sesame"}, "vendor"),
        ({"credentials": {}}, "credentials.password"),
        ({"credentials": {"password": "x", "pasword": "y"}}, "credentials.pasword"),
    ],
)
def test_a_wish_that_cannot_be_met_names_the_field(
    env: ServiceEnv, change: dict[str, object], field: str
) -> None:
    with pytest.raises(SemanticError) as refused:
        connect(env.service.deps, replace(REQUEST, **change), now())
    assert refused.value.field == field
    assert number_of_connections(env) == 1


def test_wrong_credentials_link_nothing(env: ServiceEnv) -> None:
    request = replace(REQUEST, credentials={"password": "wrong"})
    with pytest.raises(CredentialsRefused):
        connect(env.service.deps, request, now())
    assert number_of_connections(env) == 1


def test_a_new_connection_takes_nothing_until_switched_on(env: ServiceEnv) -> None:
    connection, secret = connect(env.service.deps, REQUEST, now())
    assert "not active" in str(connection.refusal)
    assert "terms" in str(replace(connection, active=True).refusal)
    on = replace(connection, active=True, terms_accepted_at=now())
    assert on.refusal is None
    assert "credentials" in str(replace(on, linked=False).refusal)
    assert secret.reveal().startswith("whsec_")


def test_nothing_secret_stands_in_the_database(env: ServiceEnv) -> None:
    env.rule()
    env.send_event("confirmed")
    env.work()
    secrets = (PASSWORD, env.signing_secret.reveal(), env.pin(env.access()))
    env.close()
    path = env.database_url.removeprefix("sqlite:///")
    with open(path, "rb") as file:  # noqa: PTH123 (one read)
        stored = file.read()
    assert env.connection.id.encode() in stored
    assert not [secret for secret in secrets if f'"{secret}"'.encode() in stored]
    assert env.signing_secret.reveal().encode() not in stored


def test_credentials_that_are_no_longer_taken_unlink_until_they_are(
    env: ServiceEnv,
) -> None:
    deps = env.service.deps
    env.stub_vendor.password = "new"
    with pytest.raises(CredentialsRefused):
        verify(deps, env.connection)
    assert not env.reload_connection().linked
    with pytest.raises(CredentialsRefused):
        give_credentials(deps, env.reload_connection(), {"password": "wrong"}, now())
    give_credentials(deps, env.reload_connection(), {"password": "new"}, now())
    assert env.reload_connection().linked
    assert verify(deps, env.reload_connection()) == "stub of ada"


def test_a_vendor_that_is_out_unlinks_nothing(env: ServiceEnv) -> None:
    env.stub_vendor.on_verify.append(VendorBusy("out"))
    with pytest.raises(VendorBusy):
        verify(env.service.deps, env.connection)
    assert env.reload_connection().linked


def test_a_rotated_secret_replaces_the_old_one_after_a_day(env: ServiceEnv) -> None:
    secret = rotate_secret(env.service.deps, env.connection, now())
    vault, later = env.service.deps.store.vault, now() + timedelta(days=1)
    sealed = env.reload_connection().sealed_signing_secrets
    assert list(map(vault.open, sealed(now()))) == [secret, env.signing_secret]
    assert list(map(vault.open, sealed(later))) == [secret]
    assert secret != env.signing_secret


def test_locks_read_again_keep_their_ids_and_zones(env: ServiceEnv) -> None:
    deps, before = env.service.deps, env.locks["front"]
    deps.store.write(lambda tx: locks.change(tx, before.id, timezone="Asia/Tokyo"))
    env.stub_vendor.devices = [
        VendorLock("front", "Main door", "lock", usable=True),
        VendorLock("side", "Side door", "lock", usable=True),
    ]
    found = {lock.vendor_id: lock for lock in refresh(deps, env.connection, now())}
    front = found["front"]
    assert (front.id, front.name, front.timezone) == (
        before.id,
        "Main door",
        "Asia/Tokyo",
    )
    assert found["side"].timezone == "UTC"
    assert not found["back"].usable
    assert "no longer" in str(found["back"].unusable_reason)
