"""A contract that begins late is asked for as booked, which Livion calls past."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.vendors.livionkey import mapping

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from service.domain.schedule import Window

on = "service"
breaks = {"CON-04"}
also = {"CON-11"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def as_booked(window: Window, *_others: Any) -> tuple[datetime, ...]:
        return (window.start,)

    patch.setattr(mapping, "begins", as_booked)
