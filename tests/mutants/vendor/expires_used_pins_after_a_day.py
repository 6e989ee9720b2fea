"""Every PIN is dead 24 hours after its start, whether it was used or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.doors import lock
from fakes.doors.lockclock import DAY

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"IGL-05"}
also = {"IGL-04", "IGL-10"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def unused(case: lock._Case) -> bool:
        return case.local >= case.activation.start + DAY

    rows = dict(lock._REFUSALS) | {"unused-24h": unused}  # noqa: SLF001 - what the fault patches
    patch.setattr(lock, "_REFUSALS", tuple(rows.items()))
