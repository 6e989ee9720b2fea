"""What a booking was changed to first it goes on opening after a second change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain import booking

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from service.domain.booking import Booking

on = "service"
breaks = {"CON-11"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = booking._named  # noqa: SLF001 - what the fault patches

    def by_the_first(
        one: Booking, other: Booking, changed_at: datetime | None
    ) -> dict[str, datetime]:
        return real(one, other, one.changed_at or changed_at)

    patch.setattr(booking, "_named", by_the_first)
