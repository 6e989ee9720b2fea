"""The lock reads minutes and weekdays by the clock of Greenwich."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from fakes.doors import schedule

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"NUK-06"}
also = {"NUK-08"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = schedule._Case  # noqa: SLF001 - what the fault patches

    def in_utc(*of: Any) -> schedule._Case:
        case = real(*of)
        return case._replace(local=case.local.astimezone(UTC))

    patch.setattr(schedule, "_Case", in_utc)
