"""The lock does not look at the weekday."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.doors import schedule

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"NUK-05"}
also = {"NUK-06", "NUK-07"}


def apply(patch: pytest.MonkeyPatch) -> None:
    rows = dict(schedule._REFUSALS) | {"wrong-day": lambda _case: False}  # noqa: SLF001 - what the fault patches
    patch.setattr(schedule, "_REFUSALS", tuple(rows.items()))
