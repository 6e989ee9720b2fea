"""A code that cannot be taken back is ordered again when its booking is told again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.use_cases import issue_code

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-12"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(issue_code, "_is_final", lambda *_: False)
