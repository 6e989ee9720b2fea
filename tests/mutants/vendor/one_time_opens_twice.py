"""A one-time PIN is not burnt by its first use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.doors import lock

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"IGL-10"}


def apply(patch: pytest.MonkeyPatch) -> None:
    rows = dict(lock._REFUSALS) | {"burnt": lambda _case: False}  # noqa: SLF001 - what the fault patches
    patch.setattr(lock, "_REFUSALS", tuple(rows.items()))
