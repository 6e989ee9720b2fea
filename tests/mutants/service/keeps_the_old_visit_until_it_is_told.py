"""A moved booking's old visit stays until the hour of the message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.domain.access import ChangePolicy, Status
from service.store import accesses, messages
from service.store.messages import MessageStatus
from service.use_cases import reconcile

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-11"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def end_superseded(ctx: Any) -> None:
        of = (ctx.connection_id, ctx.booking.ref)
        replaces = ctx.vendor.change_policy is ChangePolicy.REPLACE
        found = accesses.of_booking(ctx.tx, *of) if replaces else []
        if any(each.wanted and each.status == Status.IN_PROGRESS for each in found):
            return
        told = messages.of_booking(ctx.tx, *of)
        if any(each.status == MessageStatus.WAITING for each in told):
            return
        for access in found:
            if access.superseded:
                reconcile.end(ctx, access)

    patch.setattr(reconcile, "end_superseded", end_superseded)
