"""It does not say until when a cancelled booking's code works."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from service.domain.access import Ending, ending
from service.use_cases import reconcile

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"IGL-08"}
also = {"CON-10", "RES-07"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def silent(*args: object) -> Ending:
        return replace(ending(*args), works_until=None, notice=None)

    patch.setattr(reconcile, "ending", silent)
