"""The owner gets no copies."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from service.store.rules import StoredRule

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"MSG-03"}
also = {"MSG-04"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = StoredRule.rule.fget
    alone = property(lambda stored: replace(real(stored), copy_to_owner=False))
    patch.setattr(StoredRule, "rule", alone)
