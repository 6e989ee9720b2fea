"""Webhooks: what is told, how it is signed, and that the public key is enough."""

from __future__ import annotations

import hmac
import json
from base64 import b64decode
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from fakes.kit.webhooks import Outgoing

if TYPE_CHECKING:
    from tests.fakes.vendors.igloohome.account import Account

HOOK = "http://127.0.0.1:9/hooks/igloo?x=1"
Door = dict[str, Any]


def portal(account: Account, method: str, body: Any = None) -> Any:
    return account.client.open(
        "/igloohome/portal/webhook",
        method=method,
        json=body,
        auth=(account.client_id, account.client_secret),
    )


@pytest.fixture
def key(account: Account) -> bytes:
    """Register a receiver, and be given the vendor's public key."""
    return b64decode(portal(account, "PUT", {"url": HOOK}).json["publicKey"])


@pytest.fixture
def doors(account: Account) -> tuple[Door, Door]:
    gate = account.add_door("Gate")
    return gate, account.add_door("Bridge", kind="bridge", locks=[gate["id"]])


def verify(key: bytes, webhook: Outgoing) -> None:
    """Check a webhook by the public key alone, as a receiver would."""
    public = load_der_public_key(key)
    assert isinstance(public, rsa.RSAPublicKey)
    assert public.key_size == 2048
    date, kind = webhook.headers["Date"], webhook.headers["content-type"]
    parts = ("POST", "127.0.0.1:9", "/hooks/igloo", kind, date, webhook.body.decode())
    digest = hmac.digest(key, "|".join(parts).encode(), "sha256")
    signature = b64decode(webhook.headers["x-igloocompany-sha256"])
    public.verify(signature, digest, padding.PKCS1v15(), SHA256())


def events(sent: list[Outgoing]) -> list[dict[str, Any]]:
    return [json.loads(webhook.body)["payload"]["event"] for webhook in sent]


def test_a_finished_job_is_told(
    account: Account, key: bytes, doors: tuple[Door, Door], sent: list[Outgoing]
) -> None:
    job = account.job(*doors, jobType=1).json["jobId"]
    account.advance("PT1M")
    (event,) = events(sent)
    assert event == {
        "type": 3,
        "data": {
            "jobId": job,
            "jobType": 1,
            "jobStatus": 0,
            "deviceId": doors[0]["vendor_id"],
            "completed": True,
        },
    }
    verify(key, sent[0])


def test_a_signature_fits_one_body_one_date_and_one_key(
    account: Account, key: bytes, doors: tuple[Door, Door], sent: list[Outgoing]
) -> None:
    account.job(*doors, jobType=1)
    account.advance("PT1M")
    (webhook,) = sent
    assert webhook.headers["Date"] == "Tue, 01 Dec 2026 08:20:05 GMT"
    later = webhook.headers | {"Date": "Tue, 01 Dec 2026 08:20:06 GMT"}
    for forged in (
        Outgoing(HOOK, webhook.body + b" ", webhook.headers),
        Outgoing(HOOK, webhook.body, later),
    ):
        with pytest.raises(InvalidSignature):
            verify(key, forged)


@pytest.mark.usefixtures("key")
def test_pulled_activity_is_told_before_its_job(
    account: Account, doors: tuple[Door, Door], sent: list[Outgoing]
) -> None:
    gate, bridge = doors
    pin = account.pin(gate, startDate="2026-12-01T09:00:00+01:00")
    account.enter(gate, pin)
    account.job(gate, bridge, jobType=15)
    account.advance("PT1M")
    activity, job = events(sent)
    assert (activity["type"], job["type"]) == (5, 3)
    assert activity["data"]["deviceId"] == gate["vendor_id"]
    assert activity["data"]["bridgeId"] == bridge["vendor_id"]
    (row,) = activity["data"]["activityLogs"]
    assert (row["logType"], row["pin"]) == (22, pin)


@pytest.mark.usefixtures("key")
def test_a_bridges_connection_is_told_when_it_changes(
    account: Account, doors: tuple[Door, Door], sent: list[Outgoing]
) -> None:
    bridge = doors[1]
    for online in (True, False, False, True):
        account.change(bridge, online=online)
    account.change(doors[0], online=False)
    account.advance("PT1S")
    answer = [(event["type"], event["data"]) for event in events(sent)]
    assert answer == [
        (10, {"bridgeId": bridge["vendor_id"], "isOnline": False}),
        (10, {"bridgeId": bridge["vendor_id"], "isOnline": True}),
    ]


def test_a_webhook_not_taken_is_tried_again_and_signed_anew(
    account: Account, doors: tuple[Door, Door], sent: list[Outgoing]
) -> None:
    portal(account, "PUT", {"url": "http://127.0.0.1:9/broken"})
    account.job(*doors, jobType=1)
    account.advance("PT1H")
    dates = [webhook.headers["Date"][17:25] for webhook in sent]
    assert dates == ["08:20:05", "08:21:05", "08:26:05", "08:56:05"]
    assert len({webhook.headers["x-igloocompany-sha256"] for webhook in sent}) == 4
    (delivery,) = account.sim("GET", f"{account.base}/deliveries")
    assert [attempt["status"] for attempt in delivery["attempts"]] == [500] * 4


@pytest.mark.usefixtures("key")
def test_no_webhook_is_sent_unless_registered(
    account: Account, doors: tuple[Door, Door], sent: list[Outgoing]
) -> None:
    assert portal(account, "GET").json["url"] == HOOK
    assert portal(account, "DELETE").json["url"] is None
    account.job(*doors, jobType=1)
    account.advance("PT1H")
    assert sent == []


@pytest.mark.parametrize("url", [None, 7, "", "ftp://example.org", "example.org"])
def test_a_receiver_needs_an_address(account: Account, url: Any) -> None:
    assert portal(account, "PUT", {"url": url}).status_code == 400


def test_the_portal_wants_the_clients_secret(account: Account) -> None:
    account.client_secret = "wrong"
    assert portal(account, "GET").status_code == 400
