"""What was told once is not told again to a corrected address."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from service.use_cases import plan_messages

if TYPE_CHECKING:
    import pytest

    from service.use_cases.plan_messages import _MessagePlan

on = "service"
breaks = {"MSG-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    plan = plan_messages._MessagePlan  # noqa: SLF001 - what the fault patches
    real = plan.fingerprint.fget

    def to_whomever(self: _MessagePlan) -> str:
        return real(replace(self, recipient=None))

    patch.setattr(plan, "fingerprint", property(to_whomever))
