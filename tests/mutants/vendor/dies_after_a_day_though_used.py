"""Every PIN is dead 24 hours after its start, whether it was used or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.doors import judge
from fakes.doors.lockclock import DAY

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"IGL-05"}
also = {"IGL-04", "IGL-10"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def unused(case: judge._Case) -> bool:
        return case.local >= case.activation.start + DAY

    rows = dict(judge._REFUSALS) | {"unused-24h": unused}  # noqa: SLF001
    patch.setattr(judge, "_REFUSALS", tuple(rows.items()))
