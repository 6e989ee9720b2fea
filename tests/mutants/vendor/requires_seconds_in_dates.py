"""The server refuses dates without seconds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fakes.vendors.nuki.schemas import requests

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"NUK-04"}


def apply(patch: pytest.MonkeyPatch) -> None:
    strict = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", re.ASCII)
    patch.setattr(requests, "_DATE", strict)
