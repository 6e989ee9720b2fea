"""A day's window is written in minutes also where it goes over midnight."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from service.domain.schedule import Form
from service.vendors.nuki import mapping

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from service.domain.schedule import RecurringKey, Window

on = "service"
breaks = {"NUK-10"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = mapping.plan_recurring

    def in_minutes(
        key: RecurringKey, start: datetime, end: datetime, **when: Any
    ) -> Window:
        window = real(key, start, end, **when)
        if key.form is not Form.DAY:
            return window
        return replace(window, kind=mapping.DAILY)

    patch.setattr(mapping.Recurring, "plan", staticmethod(in_minutes))
