"""A booking of over a year gets the longest code there is."""

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

    def clamped(first: datetime, last: datetime) -> Window:
        return real(first, min(last, first + mapping.LONGEST_DAILY))

    patch.setattr(mapping, "_smallest", clamped)
