"""Connections: nothing is stored before the vendor said yes (CON-01, CON-06)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from service.clock import now
from service.domain.errors import Senseless
from service.ports import CredentialsRefused, VendorBusy, VendorLock
from service.store import connections, locks
from service.use_cases.connect import (
    Wish,
    connect,
    give_credentials,
    rotate_secret,
    verify,
)
from service.use_cases.refresh import refresh
from tests.service.paper import PASSWORD

if TYPE_CHECKING:
    from tests.service.shop import Shop

WISH = Wish("paper", "Club", "Europe/Stockholm", {"password": PASSWORD})


def number_of_connections(shop: Shop) -> int:
    return len(shop.service.parts.store.read(connections.SHELF.all))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"vendor": "sesame"}, "vendor"),
        ({"credentials": {}}, "credentials.password"),
        ({"credentials": {"password": "x", "pasword": "y"}}, "credentials.pasword"),
    ],
)
def test_a_wish_that_cannot_be_met_names_the_field(
    shop: Shop, change: dict[str, object], field: str
) -> None:
    with pytest.raises(Senseless) as refused:
        connect(shop.service.parts, replace(WISH, **change), now())
    assert refused.value.field == field
    assert number_of_connections(shop) == 1


def test_wrong_credentials_link_nothing(shop: Shop) -> None:
    wish = replace(WISH, credentials={"password": "wrong"})
    with pytest.raises(CredentialsRefused):
        connect(shop.service.parts, wish, now())
    assert number_of_connections(shop) == 1


def test_a_new_connection_takes_nothing_until_switched_on(shop: Shop) -> None:
    connection, secret = connect(shop.service.parts, WISH, now())
    assert "not active" in str(connection.refusal)
    assert "terms" in str(replace(connection, active=True).refusal)
    on = replace(connection, active=True, terms_accepted_at=now())
    assert on.refusal is None
    assert "credentials" in str(replace(on, linked=False).refusal)
    assert secret.reveal().startswith("whsec_")


def test_nothing_secret_stands_in_the_database(shop: Shop) -> None:
    shop.rule()
    shop.tell("confirmed")
    shop.work()
    secrets = (PASSWORD, shop.signing_secret.reveal(), shop.pin(shop.access()))
    shop.close()
    path = shop.database_url.removeprefix("sqlite:///")
    with open(path, "rb") as file:  # noqa: PTH123 (one read)
        stored = file.read()
    assert shop.connection.id.encode() in stored
    assert not [secret for secret in secrets if f'"{secret}"'.encode() in stored]
    assert shop.signing_secret.reveal().encode() not in stored


def test_credentials_that_are_no_longer_taken_unlink_until_they_are(
    shop: Shop,
) -> None:
    parts = shop.service.parts
    shop.paper.password = "new"
    with pytest.raises(CredentialsRefused):
        verify(parts, shop.connection)
    assert not shop.again().linked
    with pytest.raises(CredentialsRefused):
        give_credentials(parts, shop.again(), {"password": "wrong"}, now())
    give_credentials(parts, shop.again(), {"password": "new"}, now())
    assert shop.again().linked
    assert verify(parts, shop.again()) == "paper of ada"


def test_a_vendor_that_is_out_unlinks_nothing(shop: Shop) -> None:
    shop.paper.at_the_desk.append(VendorBusy("out"))
    with pytest.raises(VendorBusy):
        verify(shop.service.parts, shop.connection)
    assert shop.again().linked


def test_a_rotated_secret_replaces_the_old_one(shop: Shop) -> None:
    secret = rotate_secret(shop.service.parts, shop.connection)
    vault = shop.service.parts.store.vault
    assert vault.open(shop.again().sealed_signing_secret) == secret
    assert secret != shop.signing_secret


def test_locks_read_again_keep_their_ids_and_zones(shop: Shop) -> None:
    parts, before = shop.service.parts, shop.locks["front"]
    parts.store.write(lambda tx: locks.change(tx, before.id, timezone="Asia/Tokyo"))
    shop.paper.devices = [
        VendorLock("front", "Main door", "lock", usable=True),
        VendorLock("side", "Side door", "lock", usable=True),
    ]
    found = {lock.vendor_id: lock for lock in refresh(parts, shop.connection, now())}
    front = found["front"]
    assert (front.id, front.name, front.timezone) == (
        before.id,
        "Main door",
        "Asia/Tokyo",
    )
    assert found["side"].timezone == "UTC"
    assert not found["back"].usable
    assert "no longer" in str(found["back"].unusable_reason)
