"""It takes a margin of half an hour and makes none of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.web.api import rules

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"IGL-03"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rules, "whole_hours", lambda _name, value: max(0, int(float(value))))
