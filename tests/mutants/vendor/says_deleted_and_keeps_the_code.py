"""A deleted code leaves the list, and stays in the lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.vendors.nuki import delivery

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"NUK-03"}
also = {"NUK-08"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(delivery._WORK, "delete", lambda _trip: None)  # noqa: SLF001 - what the fault patches
