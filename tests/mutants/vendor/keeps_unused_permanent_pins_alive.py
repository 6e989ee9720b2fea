"""A permanent PIN that is never used lives for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.doors import lock

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"IGL-05"}
also = {"IGL-10"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = dict(lock._REFUSALS)  # noqa: SLF001 - what the fault patches

    def unused(case: lock._Case) -> bool:
        return case.activation.until is not None and real["unused-24h"](case)

    patch.setattr(lock, "_REFUSALS", tuple((real | {"unused-24h": unused}).items()))
