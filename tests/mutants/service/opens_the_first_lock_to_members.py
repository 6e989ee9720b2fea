"""Members of a community may open the first of its locks alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from service.store.rules import StoredRule

if TYPE_CHECKING:
    import pytest

    from service.domain.rules import Rule

on = "service"
breaks = {"EXV-02"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = StoredRule.rule.fget

    def first(stored: StoredRule) -> Rule:
        rule = real(stored)
        return replace(rule, locks=rule.locks[:1]) if rule.of_members else rule

    patch.setattr(StoredRule, "rule", property(first))
