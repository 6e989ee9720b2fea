"""Where an owner finds a code at the vendor: in words, with an address if known."""

from __future__ import annotations

import pytest

from service.vendor_kit import with_page
from service.vendors.nuki.api import FIELDS

REAL = "https://api.nuki.io"
WEB = "https://web.nuki.io"


@pytest.mark.parametrize(
    ("api_url", "page", "place"),
    [
        (REAL, WEB, f"Nuki Web: lock 7, {WEB}"),
        (f"{REAL}/", "", "Nuki Web: lock 7"),
        (
            "http://127.0.0.1:8700/nuki",
            WEB,
            "Nuki Web: lock 7, http://127.0.0.1:8700/?ref=a%2F1",
        ),
        (
            "http://127.0.0.1:8700/nuki",
            "",
            "Nuki Web: lock 7, http://127.0.0.1:8700/?ref=a%2F1",
        ),
    ],
)
def test_place_has_the_address_of_its_page(api_url: str, page: str, place: str) -> None:
    assert with_page("Nuki Web: lock 7", "a/1", api_url, FIELDS, page) == place
