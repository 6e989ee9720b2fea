"""A key by days and minutes is written as instants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.domain.schedule import Form
from service.vendors.nuki import mapping

if TYPE_CHECKING:
    import pytest

    from service.domain.schedule import Window

on = "service"
breaks = {"NUK-10"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = mapping.plan_recurring

    def as_instants(form: Form, *what: Any, **when: Any) -> Window:
        return real(Form.INSTANTS if form is Form.DAY else form, *what, **when)

    patch.setattr(mapping, "plan_recurring", as_instants)
