"""A margin counts as booked, so a long one makes a code that dies before it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.domain.schedule import NO_MARGIN, Window
from service.vendors.igloohome import mapping

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"IGL-02"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def plan(
        start: Any, end: Any, *, now: Any, zone: Any, margin: Any = NO_MARGIN
    ) -> Window:
        opens, closes = start - margin.before, end + margin.after
        return mapping.plan(opens, closes, now=now, zone=zone)

    patch.setattr(mapping.AlgoPins, "plan", staticmethod(plan))
