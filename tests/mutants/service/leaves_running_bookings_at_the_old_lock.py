"""A rule's new lock reaches no booking that has begun."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.clock import now
from service.store import bookings

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-16", "EXV-02"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = bookings.look_again

    def to_come(tx: Any, connection_id: str, resources: Any, at: Any) -> None:
        before = {
            e.ref: e.due_at
            for e in bookings.GATEWAY.all(tx, connection_id=connection_id)
        }
        real(tx, connection_id, resources, at)
        for each in bookings.GATEWAY.all(tx, connection_id=connection_id):
            if each.start_at <= now():
                bookings.set_due(tx, connection_id, each.ref, before[each.ref])

    patch.setattr(bookings, "look_again", to_come)
