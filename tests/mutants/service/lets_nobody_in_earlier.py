"""A booking that is changed to begin earlier begins when it did."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from service.domain import booking

if TYPE_CHECKING:
    import pytest

    from service.domain.booking import Booking, Details

on = "service"
breaks = {"CON-11"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = booking._details  # noqa: SLF001 - what the fault patches

    def not_before(latest: Booking, one: Booking, *rest: Any) -> Details:
        details = real(latest, one, *rest)
        if not one.rank or one.details.start >= details.end:
            return details
        return replace(details, start=max(one.details.start, details.start))

    patch.setattr(booking, "_details", not_before)
