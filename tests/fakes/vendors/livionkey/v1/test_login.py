"""Logging in: odd errors, fresh tokens, a throttle; and calls without a right token."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import pytest
from freezegun import freeze_time

from tests.fakes.vendors.livionkey.tenant import Tenant

if TYPE_CHECKING:
    from flask import Flask

    from fakes.kit.webhooks import Outgoing

NOT_AUTHORIZED = re.compile(r"GraphQL - \d{13} - [0-9a-f]{8} - not authorized")


def test_login_gives_a_token_for_an_hour(tenant: Tenant) -> None:
    answer = tenant.ask_login()
    assert answer.json["expirationTime"] == "Tue, 01 Dec 2026 10:00:00 GMT"
    token = answer.json["token"]
    tenant.advance("PT59M59S")
    assert tenant.call("GET", "/devices", token=token).status_code == 200
    tenant.advance("PT1S")
    dead = tenant.call("GET", "/devices", token=token)
    assert dead.status_code == 401
    assert NOT_AUTHORIZED.fullmatch(dead.text)


def test_every_login_gives_another_token_and_both_live(tenant: Tenant) -> None:
    first, second = tenant.fresh_token(), tenant.fresh_token()
    assert first != second
    for token in (first, second):
        assert tenant.call("GET", "/devices", token=token).status_code == 200


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ({"email": None}, "Missing email from parameters"),
        ({"password": None}, "Missing password from parameters"),
        (
            {"password": "guessed"},
            "Firebase: Error (auth/invalid-login-credentials).",
        ),
        (
            {"email": "nobody@example.org"},
            "Firebase: Error (auth/invalid-login-credentials).",
        ),
    ],
)
def test_wrong_login_is_a_400_in_words(
    tenant: Tenant, said: dict[str, str], text: str
) -> None:
    answer = tenant.ask_login(**said)
    assert (answer.status_code, answer.text) == (400, text)


def test_eleventh_login_in_five_minutes_has_to_wait(tenant: Tenant) -> None:
    tenant.advance("PT1M")
    for _ in range(9):  # the tenth is that of the fixture, a minute ago
        assert tenant.ask_login(password="wrong").status_code == 400
    refused = tenant.ask_login()
    assert refused.status_code == 429
    assert refused.text == "Too many login attempts, try again later"
    assert refused.headers["Retry-After"] == "240"
    tenant.advance("PT239S")
    assert tenant.ask_login().headers["Retry-After"] == "1"
    tenant.advance("PT1S")
    assert tenant.ask_login().status_code == 200


def test_login_in_a_stopped_world_suits_a_client_with_a_real_clock(
    app: Flask, sent: list[Outgoing]
) -> None:
    tenant = Tenant(app, sent, now="2020-02-01T09:00:00Z", client_clock="real")
    expires = parsedate_to_datetime(tenant.ask_login().json["expirationTime"])
    assert timedelta(minutes=59) < expires - datetime.now(UTC) <= timedelta(hours=1)


def test_login_refusal_in_a_stopped_world_ends_by_the_real_clock(
    app: Flask, sent: list[Outgoing]
) -> None:
    with freeze_time("2030-01-01T00:00:00Z") as real:
        tenant = Tenant(app, sent, client_clock="real")
        for _ in range(9):
            assert tenant.ask_login().status_code == 200
        refused = tenant.ask_login()
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "300")
        real.tick(timedelta(seconds=300))
        assert tenant.ask_login().status_code == 200


def test_login_refusal_ends_by_the_worlds_clock_where_that_is_moved_on(
    app: Flask, sent: list[Outgoing]
) -> None:
    with freeze_time("2030-01-01T00:00:00Z"):
        tenant = Tenant(app, sent, client_clock="real")
        assert {tenant.ask_login().status_code for _ in range(9)} == {200}
        tenant.advance("PT299S")
        assert tenant.ask_login().status_code == 429
        tenant.advance("PT1S")
        assert tenant.ask_login().status_code == 200


def test_call_without_a_token_is_told_so(tenant: Tenant) -> None:
    said = {"success": False, "message": "No token provided."}
    bare = tenant.client.get("/livionkey/devices")
    assert (bare.status_code, bare.json) == (403, said)
    headers = {"Authorization": tenant.token}
    unmarked = tenant.client.get("/livionkey/devices", headers=headers)
    assert (unmarked.status_code, unmarked.json) == (403, said)


def test_unknown_token_is_not_authorized(tenant: Tenant) -> None:
    refused = tenant.call("GET", "/devices", token="guessed")
    assert refused.status_code == 401
    assert NOT_AUTHORIZED.fullmatch(refused.text)


def test_two_properties_never_meet(
    app: Flask, sent: list[Outgoing], tenant: Tenant
) -> None:
    other = Tenant(app, sent)
    made = tenant.contract()
    assert tenant.get(f"/devices/{tenant.device}/contracts")
    assert other.get(f"/devices/{other.device}/contracts") == []
    assert other.call("GET", f"/contracts/{made['id']}").status_code == 400


def test_unknown_path_is_a_404_in_words(tenant: Tenant) -> None:
    answer = tenant.call("GET", "/keyrings")
    assert (answer.status_code, answer.text) == (404, "Cannot find /keyrings")


def test_journal_shows_neither_password_nor_pin_nor_token(tenant: Tenant) -> None:
    pin = tenant.contract()["pincode"]
    tenant.call("POST", f"/devices/{tenant.device}/opendoor", {"lockerIndex": 0})
    rows = str(tenant.sim("GET", f"{tenant.base}/requests"))
    for secret in (tenant.login["password"], tenant.token, pin):
        assert secret not in rows
    assert "B-1001" in rows
