"""The lock goes on opening for a minute after the PIN's end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.doors import lock

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"IGL-04"}
also = {"IGL-01", "IGL-05", "IGL-08", "IGL-10"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def over(case: lock._Case) -> bool:
        until = case.activation.until
        return until is not None and case.local >= until + 60

    rows = dict(lock._REFUSALS) | {"over": over}  # noqa: SLF001 - what the fault patches
    patch.setattr(lock, "_REFUSALS", tuple(rows.items()))
