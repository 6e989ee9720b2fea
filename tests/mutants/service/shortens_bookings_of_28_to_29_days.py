"""A booking of over 28 days and under 29 gets a code of 28 days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.vendors.igloohome import mapping

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from service.domain.schedule import Window

on = "service"
breaks = {"IGL-07"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = mapping._smallest  # noqa: SLF001 - what the fault patches

    def shortened(first: datetime, last: datetime) -> Window:
        between = mapping.LONGEST_HOURLY < last - first <= mapping.SHORTEST_DAILY
        return real(first, first + mapping.LONGEST_HOURLY if between else last)

    patch.setattr(mapping, "_smallest", shortened)
