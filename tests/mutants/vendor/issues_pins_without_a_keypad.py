"""The server mints PINs for devices that have no keypad to type them at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.vendors.igloohome import routes

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"IGL-11"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(routes, "_with_digits", routes._device)  # noqa: SLF001 - what the fault patches
