"""The owner's copy of a cancelled booking's message goes out, code and all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.store.messages import Reader
from service.use_cases import plan_messages

if TYPE_CHECKING:
    import pytest

    from service.store.messages import Message
    from service.use_cases.context import ReconcileContext

on = "service"
breaks = {"MSG-06"}
also = {"CON-15"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = plan_messages._withhold  # noqa: SLF001 - what the fault patches

    def from_customers(ctx: ReconcileContext, message: Message) -> None:
        if message.reader == Reader.CUSTOMER:
            real(ctx, message)

    patch.setattr(plan_messages, "_withhold", from_customers)
