"""SwissPass, and what every switch changes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import fakes.vendors.exivo as vendor
from fakes.vendors.exivo import FAKE

if TYPE_CHECKING:
    from fakes.kit.quirks import Quirk
    from tests.fakes.vendors.exivo.site import Site

HOLDER = {"postalCode": 8001, "cardId": "S12345678"}


def test_known_swisspass_is_found_and_a_service_registered(site: Site) -> None:
    found = site.done("POST", "/swisspass/search", HOLDER)
    assert found["lastName"] == "Novak"
    body = {"name": "Strikeplate House", "customerId": found["customerId"]}
    assert site.done("POST", "/swisspass/register", body)["recordId"]


def test_unknown_swisspass_is_a_500_as_documented_unless_switched(site: Site) -> None:
    unknown = HOLDER | {"cardId": "S0"}
    assert "no such SwissPass" in site.refused("/swisspass/search", unknown, 500)
    site.switch(swisspass_unknown_status=400)
    site.refused("/swisspass/search", unknown)


@pytest.mark.parametrize("code", [999, 10000, "8001"])
def test_postal_code_has_four_digits(site: Site, code: object) -> None:
    body = HOLDER | {"postalCode": code}
    assert site.refused("/swisspass/search", body).startswith("postalCode:")


def test_service_of_an_unknown_customer_is_refused(site: Site) -> None:
    body = {"name": "x", "customerId": "x"}
    assert "no customer" in site.refused("/swisspass/register", body)


@pytest.mark.parametrize("quirk", FAKE.quirks, ids=lambda quirk: quirk.name)
def test_every_switch_is_used_and_says_where_it_is_from(quirk: Quirk) -> None:
    folder = Path(vendor.__file__).parent
    text = "".join(path.read_text() for path in folder.rglob("*.py"))
    name = quirk.name
    families = re.sub(r"^(lockout|pad)-.*", r'f"\1-{name}"', name)
    assert f'"{name}"' in text or families in text
    assert quirk.source
