"""Of the codes that one call deletes the first alone is deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.vendors.nuki.routes import auths

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"NUK-03"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = auths.read_ids
    patch.setattr(auths, "read_ids", lambda: real()[:1])
