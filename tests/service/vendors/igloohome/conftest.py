"""The adapter in front of an odd server that gives out tokens."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from service.domain.schedule import HOUR, Window
from service.ports import Credentials, Order
from service.secret import Secret
from service.vendor_http import VendorHttpClient, open_transport
from service.vendors.igloohome import VENDOR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from service.vendors.igloohome.adapter import Igloohome


@pytest.fixture
def igloohome() -> Iterator[Igloohome]:
    with open_transport() as transport:
        yield VENDOR(VendorHttpClient(transport, timeout_seconds=5))


@pytest.fixture
def credentials(odd: Any) -> Credentials:
    """Credentials that the odd server takes, until a test says otherwise."""
    odd.answers("/token", (200, {"access_token": "t1", "expires_in": 86400}))
    return {
        "client_id": "client",
        "client_secret": Secret("sesame"),
        "token_url": f"{odd.url}/token",
        "api_url": f"{odd.url}/api/",
    }


@pytest.fixture
def order() -> Order:
    """Return an order for an hourly code, far in the future."""
    start = datetime(2126, 12, 1, 14, tzinfo=UTC)
    window = Window("hourly", start, start + 3 * HOUR)
    return Order("IGK3A", window, 2, "B-1001", ZoneInfo("Europe/Stockholm"))
