"""A static return code works as long as a contract of its key does, and no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fakes.doors import cabinet, keycode

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

on = "vendor"
breaks = {"LIV-04"}
also = {"LIV-03", "LIV-06"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = cabinet.find_row

    def by_contract(meaning: Any, where: Any, memory: Any, at: datetime) -> keycode.Row:
        row = real(meaning, where, memory, at)
        mine = (grant for grant in memory.grants if grant.key == meaning.key)
        active = any(grant.phase(at) == "active" for grant in mine)
        if meaning.kind == "static" and not active:
            return row._replace(usual=None, reason="over")
        return row

    patch.setattr(cabinet, "find_row", by_contract)
