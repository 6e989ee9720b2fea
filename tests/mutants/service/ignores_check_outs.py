"""A check-out is stored, and ends no access."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from service.domain import booking
from service.domain.booking import EventType

if TYPE_CHECKING:
    import pytest

    from service.domain.booking import Booking, Event

on = "service"
breaks = {"CON-17"}


def apply(patch: pytest.MonkeyPatch) -> None:
    plain = booking.from_event

    def from_event(event: Event) -> Booking:
        seen = plain(event)
        ends = event.type is not EventType.CHECKED_OUT
        return seen if ends else replace(seen, cancelled_at=None)

    patch.setattr(booking, "from_event", from_event)
