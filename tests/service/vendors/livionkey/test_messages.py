"""Livion's events: taken with the agreed header or a right signature, never without."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from freezegun import freeze_time
from standardwebhooks import Webhook

from service.ports import CredentialsRefused, VendorRefused
from service.vendor_http import VendorHttpClient, open_transport
from service.vendors.livionkey import VENDOR

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
FLAT = {"type": "key-status", "deviceId": "700001", "keyId": "flat-1", "state": "x"}
ENVELOPE = {
    "specVersion": "1",
    "type": "key-status",
    "data": {k: FLAT[k] for k in FLAT},
}
AGREED = {"push_key": "agreed", "webhook_secret": SECRET}


def parse_webhook(body: Any, given: dict[str, str], **headers: str) -> frozenset[str]:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    with open_transport() as transport:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return VENDOR(VendorHttpClient(transport)).webhooks.parse_webhook(
            given, named, text
        )


def signed(body: Any) -> dict[str, str]:
    text = json.dumps(body)
    return {
        "webhook_id": "d-1",
        "webhook_timestamp": str(int(AT.timestamp())),
        "webhook_signature": Webhook(SECRET).sign("d-1", AT, text),
    }


@pytest.mark.parametrize(
    ("body", "locks"),
    [
        (FLAT, {"700001/flat-1"}),
        (FLAT | {"deviceId": 700001}, {"700001/flat-1"}),
        ({"type": "device-alarm", "deviceId": "700001"}, set()),
        (["?"], set()),
    ],
)
def test_flat_event_names_its_key(body: Any, locks: set[str]) -> None:
    assert parse_webhook(body, AGREED, x_api_key="agreed") == locks


def test_signed_envelope_names_its_key() -> None:
    with freeze_time(AT):
        assert parse_webhook(ENVELOPE, AGREED, **signed(ENVELOPE)) == {"700001/flat-1"}


@pytest.mark.parametrize(
    "headers",
    [{}, {"x_api_key": "wrong"}, {"x_api_key": ""}, signed(FLAT)],
    ids=["none", "wrong", "empty", "another body's signature"],
)
def test_webhook_of_an_unknown_sender_is_refused(headers: dict[str, str]) -> None:
    with freeze_time(AT), pytest.raises(CredentialsRefused):
        parse_webhook(ENVELOPE, AGREED, **headers)


def test_no_webhook_is_accepted_before_a_secret_is_set() -> None:
    with pytest.raises(VendorRefused, match="no push_key is set"):
        parse_webhook(FLAT, {}, x_api_key="")


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(VendorRefused, match="not JSON"):
        parse_webhook(b"{", AGREED, x_api_key="agreed")
