"""Retire: an access that gave way ends once what took its place is there and known.

Invariants: the customer has a way in at every moment (CON-11). So the old access goes
only when nothing of the booking is still being made, and no message about it still has
to go out now; whatever became of either, it does go then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain.access import ChangePolicy, Status
from service.store import accesses, messages
from service.store.messages import MessageStatus
from service.use_cases.apply_decision import end

if TYPE_CHECKING:
    from service.use_cases.apply_decision import ReconcileContext


def end_superseded(ctx: ReconcileContext) -> None:
    """End the booking's accesses that gave way, if it is time."""
    tx, of = ctx.tx, (ctx.connection_id, ctx.booking.ref)
    replaces = ctx.vendor.change_policy is ChangePolicy.REPLACE
    if not replaces or not accesses.any_superseded(tx, *of):
        return
    found = accesses.of_booking(tx, *of)
    if any(each.wanted and each.status == Status.IN_PROGRESS for each in found):
        return
    if any(
        each.status == MessageStatus.WAITING and each.send_at <= ctx.now
        for each in messages.of_booking(tx, *of)
    ):
        return
    for access in found:
        if access.superseded:
            end(ctx, access)
