"""A margin stays as it is set, also where it reaches into a neighbour's booking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain.schedule import Margin

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-14"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Margin, "between", lambda self, *_: self)
