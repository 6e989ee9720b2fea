"""It pushes a booking onto its customer's key as soon as it hears of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.use_cases import recurring

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"NUK-10"}
also = {"NUK-11"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(recurring, "push_at", lambda *_, now, **__: now)
