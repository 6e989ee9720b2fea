"""The minutes of a lead or lag are left out; whole hours are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain.schedule import margin_of
from service.store.rules import StoredRule

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"EXV-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def coarse(stored: StoredRule) -> object:
        return margin_of(stored.margin_before_hours, 0, stored.margin_after_hours, 0)

    patch.setattr(StoredRule, "margin", property(coarse))
