"""It tells of late keys at the end, whatever delay is set."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from service.domain.rules import Returning

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"LIV-05"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Returning, "delay", timedelta())
