"""The lock reads the mask of weekdays from the other end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.doors import schedule

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"NUK-05"}
also = {"NUK-06", "NUK-07", "NUK-08"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def wrong_day(case: schedule._Case) -> bool:
        today = 1 << case.local.weekday()
        return bool(case.schedule.weekdays) and not case.schedule.weekdays & today

    rows = dict(schedule._REFUSALS) | {"wrong-day": wrong_day}  # noqa: SLF001 - what the fault patches
    patch.setattr(schedule, "_REFUSALS", tuple(rows.items()))
