"""A booking that ends at another time is not told again where its code stays."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from service.use_cases.plan_messages import _MessagePlan

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"MSG-04"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = _MessagePlan.fingerprint.fget
    assert real is not None

    def without_its_end(plan: _MessagePlan) -> str:
        details = replace(plan.booking.details, end=None)
        booking = replace(plan.booking, details=details)
        return str(real(replace(plan, booking=booking)))

    patch.setattr(_MessagePlan, "fingerprint", property(without_its_end))
