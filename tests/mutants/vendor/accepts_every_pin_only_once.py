"""Every PIN expires at its first use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.doors import lock

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"IGL-04"}
also = {"IGL-01", "IGL-05", "IGL-08", "IGL-10"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def burnt(case: lock._Case) -> bool:
        return case.activation.first_used is not None

    rows = dict(lock._REFUSALS) | {"burnt": burnt}  # noqa: SLF001 - what the fault patches
    patch.setattr(lock, "_REFUSALS", tuple(rows.items()))
