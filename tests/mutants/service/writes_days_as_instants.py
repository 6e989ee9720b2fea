"""A key by days and minutes is written as instants."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from service.domain.schedule import Form
from service.vendors.nuki import mapping

if TYPE_CHECKING:
    import pytest

    from service.domain.schedule import RecurringKey, Window

on = "service"
breaks = {"NUK-10"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = mapping.plan_recurring

    def as_instants(key: RecurringKey, *what: Any, **when: Any) -> Window:
        by_instants = replace(key, form=Form.INSTANTS)
        return real(by_instants if key.form is Form.DAY else key, *what, **when)

    patch.setattr(mapping.Recurring, "plan", staticmethod(as_instants))
