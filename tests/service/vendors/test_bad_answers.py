"""Addresses, credentials and answers that no vendor should have are told apart."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from service.ports import CredentialsRefused, VendorRefused
from service.vendor_http import VendorHttpClient, open_transport
from service.vendors import open_vendors

if TYPE_CHECKING:
    from tests.service.vendors.conftest import OddServer


@pytest.mark.parametrize("url", [f"http://{'a' * 64}.example.org/", "http://[::1/"])
def test_url_that_cannot_be_called_is_named(url: str) -> None:
    client = VendorHttpClient(open_transport(), 1)
    with pytest.raises(VendorRefused, match="is not a URL that can be called"):
        client.read(url, headers={})


def test_credential_that_no_header_can_carry_is_refused() -> None:
    client = VendorHttpClient(open_transport(), 1)
    with pytest.raises(CredentialsRefused, match="HTTP cannot send"):
        client.write("http://127.0.0.1:1/", basic=("токен", "x"))
    with pytest.raises(CredentialsRefused, match="HTTP cannot send"):
        client.read("http://127.0.0.1:1/", headers={"Authorization": "Bearer токен"})


def test_answer_of_a_vendor_holds_only_text_that_can_be_stored(odd: OddServer) -> None:
    body = '{"a\\u0000": ["x\\ud800y", 1, null], "b": "\\ud83d\\ude00"}'
    odd.answers("/", (200, body))
    client = VendorHttpClient(open_transport(), 5)
    assert client.read(f"{odd.url}/", headers={}).body == {
        "a": ["x?y", 1, None],
        "b": "\U0001f600",
    }


@pytest.mark.parametrize("method", ["read", "write"])
def test_wait_that_a_vendor_asks_for_is_read(odd: OddServer, method: str) -> None:
    odd.answers("/", (429, {}, {"Retry-After": "7"}))
    client = VendorHttpClient(open_transport(), 5)
    reply = getattr(client, method)(f"{odd.url}/", headers={})
    assert (reply.status, reply.retry_after) == (429, timedelta(seconds=7))
    assert len(odd.calls) == 1


def test_nuki_account_that_is_no_number_is_shown_as_it_is(odd: OddServer) -> None:
    odd.answers("/smartlock", (200, [{"smartlockId": 1, "accountId": {"x": 1}}]))
    odd.answers("/smartlock/auth/paged", (200, []))
    nuki = open_vendors(timeout_seconds=5, hosts={"127.0.0.1"})["nuki"]
    account = nuki.verify({"api_token": "t", "api_url": odd.url})
    assert account == "Nuki account {'x': 1}"
