"""It pushes the second booking of a day onto the key that the first one has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain import schedule
from service.use_cases import recurring

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    import pytest

    from service.domain.schedule import Window

on = "service"
breaks = {"NUK-11"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def blind(window: Window, _: object, *, now: datetime, zone: tzinfo) -> datetime:
        return max(now, schedule._night(window, zone))  # noqa: SLF001 - what the fault patches

    patch.setattr(recurring, "push_at", blind)
