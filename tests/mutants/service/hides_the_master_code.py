"""The page of a lock does not show its master code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.vendors.igloohome.adapter import Igloohome

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"IGL-09"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Igloohome, "master_code", lambda *_: None)
