"""Nuki's own messages: genuine or not, and about which lock."""

from __future__ import annotations

import hmac

import pytest

from service.ports import CredentialsRefused, VendorRefused
from service.secret import Secret
from service.vendors.nuki.webhooks import check, locks_in

SECRET = Secret("sesame")
BODY = b'{"feature":"DEVICE_AUTHS","smartlockAuth":{"smartlockId":18233733061}}'
SIGNATURE = hmac.digest(b"sesame", BODY, "sha256").hex()


def test_message_signed_with_the_secret_is_genuine() -> None:
    check(SECRET, {"x-nuki-signature-sha256": SIGNATURE}, BODY)


@pytest.mark.parametrize("given", ["", SIGNATURE[:-1], SIGNATURE.upper(), "ö"])
def test_any_other_message_is_not(given: str) -> None:
    with pytest.raises(CredentialsRefused):
        check(SECRET, {"x-nuki-signature-sha256": given}, BODY)


@pytest.mark.parametrize(
    ("body", "locks"),
    [
        (BODY, {"18233733061"}),
        (b'{"feature":"DEVICE_STATUS","smartlockId":7}', {"7"}),
        (b'{"feature":"DEVICE_LOGS","smartlockLog":{"smartlockId":7}}', {"7"}),
        (b'{"feature":"ACCOUNT_USER"}', set()),
        (b"[1, 2]", set()),
        (b'{"smartlockId": {}}', set()),
    ],
)
def test_message_names_its_lock(body: bytes, locks: set[str]) -> None:
    assert locks_in(body) == locks


def test_message_that_is_no_json_is_refused() -> None:
    with pytest.raises(VendorRefused, match="not JSON"):
        locks_in(b"<xml/>")
