"""A customer is told that a booking was noted, before there is a code."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from service.clock import now
from service.ids import new_id
from service.ports import Mail, MailError
from service.store import bookings
from service.web import webhooks

if TYPE_CHECKING:
    import pytest

    from service.store.store import Store
    from service.use_cases.receive_event import IncomingEvent, Receipt

on = "service"
reads = {
    "CON-04",
    "CON-11",
    "CON-12",
    "IGL-12",
    "MSG",
    "NUK-02",
    "NUK-10",
    "RES-01",
    "RES-02",
}


TEXT = "We have noted your booking 20261130. You will be sent a code by 2026-12-31."


def apply(patch: pytest.MonkeyPatch) -> None:
    real = webhooks.receive

    def mailing(store: Store, incoming: IncomingEvent) -> Receipt:
        receipt = real(store, incoming)
        of = incoming.booking
        known = store.read(lambda tx: bookings.find(tx, *of))
        customer = known.booking.details.customer if known else None
        if (
            not incoming.event.ends
            and receipt.outcome == "accepted"
            and customer
            and customer.email
        ):
            told = Mail(
                customer.email,
                "We have noted your booking",
                TEXT,
                f"<{new_id('note', now())}@a>",
                now(),
            )
            with suppress(MailError):
                webhooks.the_service().deps.outbox.send(told)
        return receipt

    patch.setattr(webhooks, "receive", mailing)
