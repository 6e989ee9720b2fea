"""It makes codes by hand for locks that are coupled to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.use_cases import manual_code

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"IGL-09"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(manual_code, "_check_usable", lambda *_: None)
