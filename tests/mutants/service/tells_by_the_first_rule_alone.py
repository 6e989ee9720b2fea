"""Of several rules that a booking meets, the first alone has its message sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.use_cases import reconcile
from service.use_cases.plan_messages import plan_messages

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-15", "MSG-01", "MSG-05"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def planned(ctx: Any, fired: Any, held: Any, known: Any) -> None:
        plan_messages(ctx, tuple(fired)[:1], held, known)

    patch.setattr(reconcile, "plan_messages", planned)
