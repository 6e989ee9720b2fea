"""An update adds to the schedule of the key instead of overwriting it."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

from fakes.vendors.nuki import validation

if TYPE_CHECKING:
    import pytest

    from fakes.vendors.nuki.state import Limits

on = "vendor"
breaks = {"NUK-08"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def merged(case: validation.Case, before: Limits) -> Limits:
        asked = {each.name: getattr(case.limits, each.name) for each in fields(before)}
        given = {name: value for name, value in asked.items() if value is not None}
        return replace(before, **given)

    patch.setattr(validation, "_limits", merged)
