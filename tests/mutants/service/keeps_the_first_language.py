"""A message that waits keeps the language that was known when it was planned."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from service.use_cases import plan_messages

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from service.store.messages import Message
    from service.use_cases.context import ReconcileContext

on = "service"
breaks = {"MSG-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = plan_messages._bring_up_to_date  # noqa: SLF001 - what the fault patches

    def late(ctx: ReconcileContext, message: Message, at: datetime) -> None:
        details = ctx.booking.details
        known = replace(details.customer, language=message.language)
        booking = replace(ctx.booking, details=replace(details, customer=known))
        real(replace(ctx, booking=booking), message, at)

    patch.setattr(plan_messages, "_bring_up_to_date", late)
