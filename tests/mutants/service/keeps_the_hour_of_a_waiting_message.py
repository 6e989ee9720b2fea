"""A message that waits goes out at the hour that was set when it was planned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.use_cases import plan_messages

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-16"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = plan_messages._bring_up_to_date  # noqa: SLF001 - what the fault patches

    def keep(ctx: Any, message: Any, at: Any) -> None:
        del at
        real(ctx, message, message.send_at)

    patch.setattr(plan_messages, "_bring_up_to_date", keep)
