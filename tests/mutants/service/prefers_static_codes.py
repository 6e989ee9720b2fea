"""It tells static return codes though the guest's own code would do for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from service.domain.rules import Returning

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"LIV-09"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Returning, "grace", timedelta())
