"""It takes a margin and does nothing with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from service.domain.schedule import NO_MARGIN
from service.store.rules import StoredRule

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"IGL-03"}
also = {"EXV-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = StoredRule.rule.fget
    bare = property(lambda stored: replace(real(stored), margin=NO_MARGIN))
    patch.setattr(StoredRule, "rule", bare)
