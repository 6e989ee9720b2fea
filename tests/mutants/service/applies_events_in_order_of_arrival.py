"""The event that arrived last decides, whenever it occurred."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from service.domain import booking

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-12"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = booking.join

    def latest(one: booking.Booking, other: booking.Booking) -> booking.Booking:
        return replace(real(one, other), details=other.details)

    patch.setattr(booking, "join", latest)
