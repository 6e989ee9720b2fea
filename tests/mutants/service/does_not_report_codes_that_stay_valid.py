"""It does not say until when a cancelled booking's code works."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.use_cases import reconcile

if TYPE_CHECKING:
    import pytest

    from service.domain.access import Ending

on = "service"
breaks = {"IGL-08"}
also = {"CON-10", "RES-07"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = reconcile.ended_columns

    def silent(*args: Any) -> tuple[Ending, dict[str, Any]]:
        how, columns = real(*args)
        return how, columns | {"works_until": None, "notice": None}

    patch.setattr(reconcile, "ended_columns", silent)
