"""A change that follows on a cancellation brings the booking back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain import booking
from service.domain.booking import EventType

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-12"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(booking, "REVIVALS", booking.REVIVALS | {EventType.CHANGED})
