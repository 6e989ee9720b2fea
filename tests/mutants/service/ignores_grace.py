"""It sets keys to the booked minutes, whatever grace they have."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from service.domain.schedule import RecurringKey

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"NUK-09"}
also = {"NUK-10"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(RecurringKey, "grace", timedelta())
