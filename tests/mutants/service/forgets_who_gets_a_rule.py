"""A rule that is given to another resource opens for what is booked of it later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.store import bookings, rules

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from service.store.database import Tx

on = "service"
breaks = {"CON-16", "EXV-02"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = bookings.look_again

    def at_the_former(
        tx: Tx, connection_id: str, resources: set[str], now: datetime
    ) -> None:
        if len(resources) > 1:
            found = rules.for_resources(tx, connection_id, resources)
            resources -= {rule.resource for rule in found}
        real(tx, connection_id, resources, now)

    patch.setattr(bookings, "look_again", at_the_former)
