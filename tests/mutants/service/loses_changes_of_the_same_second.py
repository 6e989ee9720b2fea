"""A change within the second of the confirmation is lost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from service.domain import booking
from service.web import webhooks

if TYPE_CHECKING:
    import pytest

    from service.domain.booking import Booking
    from service.use_cases.receive_event import IncomingEvent

on = "service"
breaks = {"CON-12"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real, join = webhooks.incoming_event, booking.join

    def to_the_second(*what: Any) -> IncomingEvent:
        incoming = real(*what)
        at = incoming.event.occurred_at.replace(microsecond=0)
        event = replace(incoming.event, occurred_at=at)
        return replace(incoming, event=event)

    def first_counts(one: Booking, other: Booking) -> Booking:
        same = one.occurred_at == other.occurred_at and one.rank and other.rank
        return one if same else join(one, other)

    patch.setattr(webhooks, "incoming_event", to_the_second)
    patch.setattr(booking, "join", first_counts)
