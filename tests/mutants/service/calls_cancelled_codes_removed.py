"""It reports a cancelled booking's code removed, though it opens the door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain.access import TABLE, Status, Step

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"IGL-08"}
also = {"CON-08", "IGL-12"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(TABLE[Status.CREATED], Step.KEPT, Status.REMOVED)
