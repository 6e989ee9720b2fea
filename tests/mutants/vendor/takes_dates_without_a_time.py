"""The server takes a date without a time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fakes.vendors.nuki.schemas import requests

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"NUK-04"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = requests._DATE  # noqa: SLF001 - what the fault patches
    patch.setattr(
        requests, "_DATE", re.compile(rf"\d{{4}}-\d\d-\d\d|{real.pattern}", re.ASCII)
    )
