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
from tests.service.env import FIVE, THREE, ServiceEnv
from tests.service.stub_vendor import PASSWORD, StubVendor
from tests.service.use_cases.conftest import book

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from service.ports import Credentials
    from tests.service.use_cases.conftest import Clock

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


@pytest.mark.parametrize("later_first", [True, False])
def test_the_list_that_was_asked_for_last_counts_in_whichever_order_they_are_stored(
    env: ServiceEnv, clock: Clock, *, later_first: bool
) -> None:
    deps, asked_at = env.service.deps, now()
    clock.move_to(asked_at + timedelta(seconds=2))
    whole = env.stub_vendor.devices
    front, _, _ = whole
    side = VendorLock("side", "Side door", "lock", usable=True)
    lists = {asked_at: [front], now(): [replace(front, battery=7), *whole[1:], side]}
    for at in sorted(lists, reverse=later_first):
        env.stub_vendor.devices = lists[at]
        refresh(deps, env.connection, at)
    found = deps.store.read(lambda tx: locks.of_connection(tx, env.connection.id))
    usable = {lock.vendor_id for lock in found if lock.usable}
    assert usable == {"front", "back", "side"}
    assert {lock.battery for lock in found if lock.vendor_id == "front"} == {7}


def test_a_list_read_after_the_clock_was_set_back_counts(
    env: ServiceEnv, clock: Clock
) -> None:
    clock.move_to(now() - timedelta(hours=1))
    env.stub_vendor.devices = env.stub_vendor.devices[:1]
    found = refresh(env.service.deps, env.connection, now())
    assert [lock.vendor_id for lock in found if lock.usable] == ["front"]


class OvertakenVendor(StubVendor):
    """A vendor whose list is on its way while another one is asked for and stored."""

    def locks(self, credentials: Credentials) -> list[VendorLock]:
        """Return the devices as they were before what happens meanwhile."""
        devices, meanwhile = super().locks(credentials), self.while_listing
        self.while_listing = None
        if meanwhile:
            meanwhile()
        return devices

    while_listing: Callable[[], None] | None = None


@pytest.fixture
def overtaken(clock: Clock, sqlite_url: str) -> Iterator[ServiceEnv]:
    del clock
    env = ServiceEnv(sqlite_url, stub_vendor=OvertakenVendor())
    yield env
    env.close()


def test_a_look_that_is_overtaken_marks_no_lock_as_gone(
    overtaken: ServiceEnv, clock: Clock
) -> None:
    env, vendor = overtaken, overtaken.stub_vendor
    assert isinstance(vendor, OvertakenVendor)
    env.rule()
    later = timedelta(days=10)
    book(env, start=THREE + later, end=FIVE + later)
    clock.move_to(now() + timedelta(days=1))
    whole = vendor.devices
    vendor.devices = whole[1:]

    def read_again() -> None:
        clock.move_to(now() + timedelta(seconds=1))
        vendor.devices = whole
        refresh(env.service.deps, env.connection, now())

    vendor.while_listing = read_again
    env.work()
    assert vendor.while_listing is None
    found = env.service.deps.store.read(
        lambda tx: locks.of_connection(tx, env.connection.id)
    )
    assert {lock.vendor_id: lock.usable for lock in found}["front"]
