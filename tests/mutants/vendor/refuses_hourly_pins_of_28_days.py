"""The server refuses an hourly PIN of 28 days, as if 27 were the most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.vendors.igloohome import validation

if TYPE_CHECKING:
    import pytest

    from fakes.vendors.igloohome.validation import Order

on = "vendor"
breaks = {"IGL-06"}
also = {"IGL-04"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def shorter(order: Order) -> str | None:
        if order.kind == "hourly" and order.span > 27 * validation.DAY:
            return "hourly must last 1 to 648 hours"
        return None

    patch.setattr(validation, "CHECKS", (*validation.CHECKS, shorter))
