"""A confirmation after the cancellation brings the booking back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from service.domain import booking

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-12"}
also = {"EXV-02"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = booking.join

    def revived(one: booking.Booking, other: booking.Booking) -> booking.Booking:
        both = real(one, other)
        return replace(both, cancelled_at=other.cancelled_at)

    patch.setattr(booking, "join", revived)
