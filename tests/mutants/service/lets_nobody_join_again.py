"""Who has left a community stays out, though the membership has started anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain import booking
from service.domain.booking import EventType

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"EXV-02"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(booking, "REVIVALS", {EventType.CONFIRMED})
