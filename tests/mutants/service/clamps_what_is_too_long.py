"""A booking of over a year gets the longest code there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.vendors.igloohome import windows

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from service.domain.schedule import Window

on = "service"
breaks = {"IGL-07"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = windows._smallest  # noqa: SLF001

    def clamped(first: datetime, last: datetime) -> Window:
        return real(first, min(last, first + windows.LONGEST_DAILY))

    patch.setattr(windows, "_smallest", clamped)
