"""A confirmation after the cancellation brings the booking back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from service.domain import bookings

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-12"}
also = {"EXV-02"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = bookings.join

    def revived(one: bookings.Booking, other: bookings.Booking) -> bookings.Booking:
        both = real(one, other)
        return replace(both, cancelled_at=other.cancelled_at)

    patch.setattr(bookings, "join", revived)
