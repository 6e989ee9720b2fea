"""Of a change and a confirmation of one instant, the one that came last counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain import booking

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

on = "service"
breaks = {"CON-12"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def by_time(one: booking.Booking) -> tuple[bool, datetime]:
        return bool(one.rank), one.occurred_at

    patch.setattr(booking, "_age", by_time)
