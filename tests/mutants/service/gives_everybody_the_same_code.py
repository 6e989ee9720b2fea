"""Everybody who books the same hours gets the same PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.store import rivals
from service.use_cases import compose_order

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"IGL-12"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(compose_order, "free_variant", lambda *_, **__: 1)
    patch.setattr(rivals, "with_pin", lambda *_: None)
