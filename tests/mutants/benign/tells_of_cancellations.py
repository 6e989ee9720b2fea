"""A customer is told that a booking is cancelled, in a mail without a code."""

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
reads = {"CON-08", "CON-10", "CON-12", "EXV-05", "MSG", "NUK-03", "RES-01", "RES-07"}


TEXT = "Your booking of 30 November 2026, 09:15, is cancelled. Your old code is void."


def apply(patch: pytest.MonkeyPatch) -> None:
    real = webhooks.receive

    def mailing(store: Store, incoming: IncomingEvent) -> Receipt:
        receipt = real(store, incoming)
        of = incoming.booking
        known = store.read(lambda tx: bookings.find(tx, *of))
        customer = known.booking.details.customer if known else None
        if (
            incoming.event.ends
            and receipt.outcome == "accepted"
            and customer
            and customer.email
        ):
            told = Mail(
                customer.email,
                "Your booking is cancelled",
                TEXT,
                f"<{new_id('note', now())}@a>",
                now(),
            )
            with suppress(MailError):
                webhooks.the_service().deps.outbox.send(told)
        return receipt

    patch.setattr(webhooks, "receive", mailing)
