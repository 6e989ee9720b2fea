"""It makes the code at any event, whatever the rule waits for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from service.domain import booking
from service.domain.booking import Event, Trigger

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-04"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = booking.from_event

    def eager(event: Event) -> booking.Booking:
        return replace(real(event), triggers=frozenset(Trigger))

    patch.setattr(booking, "from_event", eager)
