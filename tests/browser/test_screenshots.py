"""The pictures of the site can be made from the pages as they are now."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from docs import screenshots
from tests.browser.conftest import MISSING, NAMES

if TYPE_CHECKING:
    from pathlib import Path

SIGNATURE = b"\x89PNG"
SHORT = ("--seconds", "5", *screenshots.LOAD[2:])


def test_every_picture_of_the_site_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not any(map(shutil.which, NAMES)):
        pytest.skip(MISSING)
    monkeypatch.setattr(screenshots, "LOAD", SHORT)
    assert screenshots.main(tmp_path) == 0
    made = {path.name for path in tmp_path.iterdir()}
    assert made == {path.name for path in screenshots.IMAGES.iterdir()}
    for path in tmp_path.iterdir():
        assert path.read_bytes().startswith(SIGNATURE)
