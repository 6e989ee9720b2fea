"""The adapter in front of an odd server that gives out tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from service.secret import Secret
from service.vendor_http import VendorHttpClient, open_transport
from service.vendors.livionkey import VENDOR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from service.ports import Credentials
    from service.vendors.livionkey.adapter import LivionKey


@pytest.fixture
def livionkey() -> Iterator[LivionKey]:
    with open_transport() as transport:
        yield VENDOR(VendorHttpClient(transport, timeout_seconds=5))


@pytest.fixture
def credentials(odd: Any) -> Credentials:
    """Credentials that the odd server takes, until a test says otherwise."""
    token = {"token": "t1", "expirationTime": "Tue, 01 Dec 2026 13:00:00 GMT"}
    odd.answers("/auth/login", (200, token))
    odd.answers("/devices", (200, [{"deviceId": "700001", "name": "Lobby"}]))
    odd.answers("/devices/700001/keys", (200, [{"keyId": "flat-1"}]))
    return {
        "email": "a@example.org",
        "password": Secret("sesame"),
        "api_url": odd.url,
    }
