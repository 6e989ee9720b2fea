"""A code that opens more doors than its rule names by now counts as right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain.rules import Wanted

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-16", "EXV-02"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def enough(self: Wanted, other: Wanted) -> bool:
        opens = set(other.locks) <= set(self.locks)
        return opens and self.options == other.options

    patch.setattr(Wanted, "like", enough)
