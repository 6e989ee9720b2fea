"""A visit of several doors opens the first of them alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.vendors.exivo import visitors

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from fakes.vendors.exivo.state import Component, State, Visit

on = "vendor"
breaks = {"EXV-03"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = visitors.preview

    def preview(
        state: State, visit: Visit, component: Component | None, now: datetime
    ) -> str:
        first = component is not None and component.id == visit.components[0]
        return real(state, visit, component if first else None, now)

    patch.setattr(visitors, "preview", preview)
