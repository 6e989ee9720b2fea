"""An order whose answer was lost counts as never made if one list lacks it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from service.vendors.exivo import adapter as exivo
from service.vendors.livionkey import adapter as livionkey

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-10"}


def apply(patch: pytest.MonkeyPatch) -> None:
    for adapter in (exivo, livionkey):
        patch.setattr(adapter, "SETTLES", timedelta())
