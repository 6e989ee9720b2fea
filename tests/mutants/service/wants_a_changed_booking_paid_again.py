"""A change takes back that a booking was paid."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from service.domain import booking

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-04", "CON-12"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = booking.join

    def join(one: booking.Booking, other: booking.Booking) -> booking.Booking:
        joined = real(one, other)
        if joined.rank is not booking.Rank.CHANGED:
            return joined
        return replace(joined, triggers=joined.triggers - {booking.Trigger.PAID})

    patch.setattr(booking, "join", join)
