"""Vendors are found by walking their folders; a further one edits no list."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

import service.vendors
from service.vendors import factories, open_vendors

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def another_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Look for vendors in another place than usual, until the test ends."""
    monkeypatch.setattr(service.vendors, "__path__", [str(tmp_path)])
    monkeypatch.delitem(sys.modules, "service.vendors.fifth", raising=False)
    yield tmp_path
    sys.modules.pop("service.vendors.fifth", None)


FIFTH = """
class VENDOR:
    fields = ()

    def __init__(self, http):
        self.http = http

    def __repr__(self):
        return f"a vendor on {type(self.http).__name__}"
"""


def write(place: Path, text: str) -> None:
    (place / "fifth").mkdir()
    (place / "fifth" / "__init__.py").write_text(text)


def test_every_vendor_is_named_as_its_folder() -> None:
    opened = open_vendors()
    assert "igloohome" in opened
    for name, vendor in opened.items():
        assert vendor.name == name
        assert {field.name for field in vendor.fields}
        assert all(map(vendor.planner.variants, vendor.planner.manual_kinds))


def test_further_vendor_is_one_folder_more(another_place: Path) -> None:
    write(another_place, FIFTH)
    assert list(factories()) == ["fifth"]
    assert repr(open_vendors()["fifth"]) == "a vendor on VendorHttpClient"


def test_folder_without_a_vendor_is_named_with_the_fix(another_place: Path) -> None:
    write(another_place, "")
    with pytest.raises(LookupError, match=r"fifth exports no VENDOR; set it to a"):
        open_vendors()
