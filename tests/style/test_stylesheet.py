"""One stylesheet for all pages: the copies are what is kept in strikeplate/pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from strikeplate.pages import COPIES, STYLESHEET

ROOT = Path(__file__).parents[2]
PRESENT = [copy for copy in COPIES if (ROOT / copy).exists()]


@pytest.mark.parametrize("copy", PRESENT)
def test_copy_is_the_stylesheet(copy: str) -> None:
    fix = f"cp {STYLESHEET.relative_to(ROOT)} {copy}"
    assert (ROOT / copy).read_bytes() == STYLESHEET.read_bytes(), fix


def test_admin_has_its_copy() -> None:
    assert "service/web/admin/static/style.css" in PRESENT


def test_stylesheet_loads_nothing_from_elsewhere() -> None:
    text = STYLESHEET.read_text()
    assert not re.search(r"@import|url\(|https?:", text)


def test_stylesheet_is_small() -> None:
    assert STYLESHEET.stat().st_size < 20_000
