"""A PIN that is never used stays alive until its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.doors import lock

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"IGL-05"}
also = {"IGL-10"}


def apply(patch: pytest.MonkeyPatch) -> None:
    rows = dict(lock._REFUSALS) | {"unused-24h": lambda _case: False}  # noqa: SLF001 - what the fault patches
    patch.setattr(lock, "_REFUSALS", tuple(rows.items()))
