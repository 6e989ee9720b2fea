"""A standing booking keeps the weekdays that it was made with, whatever it gets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from service.store import bookings

if TYPE_CHECKING:
    import pytest

    from service.domain.booking import Booking
    from service.store.bookings import StoredBooking

on = "service"
breaks = {"NUK-09"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real, first = bookings.stored, {}

    def with_the_first(of: str, booking: Booking, *rest: object) -> StoredBooking:
        made = real(of, booking, *rest)
        days = first.setdefault((of, booking.ref), made.weekdays)
        return replace(made, weekdays=days)

    patch.setattr(bookings, "stored", with_the_first)
