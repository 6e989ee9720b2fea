"""Webhooks: who is told, how it is signed, and what may go wrong."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

import pytest

from tests.fakes.vendors.nuki.receivers import BROKEN, EVERY, URL, central, register

if TYPE_CHECKING:
    from fakes.kit.webhooks import Outgoing
    from tests.fakes.vendors.nuki.account import Account


def test_the_secret_is_shown_once_and_signs_the_raw_body(
    account: Account, sent: list[Outgoing]
) -> None:
    hook = register(account, "DEVICE_AUTHS")
    (listed,) = account.done("GET", "/api/decentralWebhook")
    assert "secret" not in listed
    account.store(account.add_door())
    (outgoing,) = sent
    key = hook["secret"].encode()
    signature = hmac.new(key, outgoing.body, hashlib.sha256).hexdigest()
    assert outgoing.headers["X-Nuki-Signature-SHA256"] == signature
    assert outgoing.headers["content-type"] == "application/json; charset=UTF-8"


def test_a_keys_receiver_is_signed_for_with_the_client_secret(
    account: Account, sent: list[Outgoing]
) -> None:
    key = central(account, "DEVICE_AUTHS")
    secret = account.done("GET", f"{key}/advanced")["secret"]
    account.store(account.add_door())
    signature = hmac.new(secret.encode(), sent[0].body, hashlib.sha256).hexdigest()
    assert sent[0].headers["X-Nuki-Signature-SHA256"] == signature


@pytest.mark.parametrize("habit", ["wrong", "absent"])
def test_a_signature_may_be_wrong_or_absent(
    account: Account, sent: list[Outgoing], habit: str
) -> None:
    account.switch(webhook_signature=habit)
    hook = register(account, "DEVICE_AUTHS")
    account.store(account.add_door())
    given = sent[0].headers.get("X-Nuki-Signature-SHA256")
    right = hmac.new(hook["secret"].encode(), sent[0].body, hashlib.sha256).hexdigest()
    assert given != right
    assert (given is None) == (habit == "absent")


@pytest.mark.parametrize("copies", [0, 2])
def test_a_webhook_may_stay_away_or_come_twice(
    account: Account, sent: list[Outgoing], copies: int
) -> None:
    account.switch(webhook_copies=copies)
    register(account, "DEVICE_AUTHS")
    account.store(account.add_door())
    assert len(sent) == copies


def test_a_webhook_may_be_late(account: Account, sent: list[Outgoing]) -> None:
    account.switch(webhook_delay_seconds=600)
    register(account, "DEVICE_AUTHS")
    account.store(account.add_door())
    assert sent == []
    account.advance("PT10M")
    assert len(sent) == 1


@pytest.mark.parametrize(("gaps", "attempts"), [("", 1), ("60 300", 3)])
def test_a_webhook_is_not_sent_again_unless_it_is_switched(
    account: Account, sent: list[Outgoing], gaps: str, attempts: int
) -> None:
    account.switch(webhook_retry_seconds=gaps)
    register(account, "DEVICE_AUTHS", url=BROKEN)
    account.store(account.add_door())
    account.advance("PT1H")
    assert len(sent) == attempts


def test_a_receiver_that_was_removed_is_told_nothing(
    account: Account, sent: list[Outgoing]
) -> None:
    hook = register(account)
    account.done("DELETE", f"/api/decentralWebhook/{hook['id']}")
    account.store(account.add_door())
    assert sent == []
    path = f"/api/decentralWebhook/{hook['id']}"
    assert account.refused("DELETE", path)[0] == 404


@pytest.mark.parametrize(
    "url", [None, "", "app.example.org", "http://app.example.org", "https://["]
)
def test_a_receiver_has_an_address_that_begins_with_https(
    account: Account, url: str | None
) -> None:
    body = {"webhookUrl": url, "webhookFeatures": EVERY}
    assert account.refused("PUT", "/api/decentralWebhook", body)[0] == 400


def test_a_receiver_on_this_machine_may_do_without_tls(account: Account) -> None:
    for host in ("127.0.0.1:8800", "localhost", "[::1]:8800"):
        register(account, url=f"http://{host}/hook")


def test_a_feature_that_there_is_not_is_refused(account: Account) -> None:
    body = {"webhookUrl": URL, "webhookFeatures": ["EVERYTHING"]}
    status, message = account.refused("PUT", "/api/decentralWebhook", body)
    assert status == 400
    assert "EVERYTHING" in message


def test_after_too_many_failures_a_keys_receiver_is_left_alone(
    account: Account, sent: list[Outgoing]
) -> None:
    account.switch(webhook_failures_allowed=2)
    key = central(account, "DEVICE_AUTHS", url=BROKEN)
    door = account.add_door()
    for code in (333333, 444444, 555555):
        account.store(door, code=code)
    assert len(sent) == 2
    state = account.done("GET", f"{key}/advanced")["webhookStatus"]
    assert state == "DEACTIVATED"
    account.done("POST", f"{key}/advanced/reactivate")
    account.store(door)
    assert len(sent) == 3


def test_a_keys_receiver_moves(account: Account, sent: list[Outgoing]) -> None:
    key = central(account)
    other = {"webhookUrl": f"{URL}2", "webhookFeatures": ["DEVICE_AUTHS"]}
    account.done("POST", f"{key}/advanced", other)
    account.store(account.add_door())
    assert {each.url for each in sent} == {f"{URL}2"}
    account.done("DELETE", f"{key}/advanced")
    assert account.refused("GET", f"{key}/advanced")[0] == 404


@pytest.mark.parametrize("missing", ["name", "country", "url", "email", "type"])
def test_an_application_says_who_it_is(account: Account, missing: str) -> None:
    key = account.done("GET", "/api/key")[0]["apiKeyId"]
    whole = {"name": "a", "country": "SE", "description": "d", "url": "u", "email": "e"}
    body = {**whole, "type": "OTHER", "webhookUrl": URL, missing: None}
    status, message = account.refused("PUT", f"/api/key/{key}/advanced", body)
    assert status == 400
    assert f"parameter '{missing}'" in message


def test_the_log_of_a_keys_webhooks_is_read_page_by_page(account: Account) -> None:
    key = central(account, "DEVICE_AUTHS")
    door = account.add_door()
    for code in (333333, 444444, 555555):
        account.store(door, code=code)
    rows = account.done("GET", f"{key}/webhook/logs")
    assert len(rows) == 3
    assert [row["created"] for row in rows] == sorted(
        (row["created"] for row in rows), reverse=True
    )
    assert rows[0]["succeeded"] is True
    first = account.done("GET", f"{key}/webhook/logs?limit=1")
    rest = account.done("GET", f"{key}/webhook/logs?id={first[0]['id']}")
    assert first + rest == rows
    assert account.refused("GET", f"{key}/webhook/logs?limit=101")[0] == 400
