"""A way in that a rule has from now on, or no more, does not reach what is booked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain.rules import Wanted

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"EXV-05"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def like(mine: Wanted, other: Wanted) -> bool:
        return mine.locks == other.locks

    patch.setattr(Wanted, "like", like)
