"""The end of a membership that is not known is dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.domain.booking import membership_of
from service.store.bookings import Outcome
from service.use_cases import receive_event

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"EXV-02"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = receive_event._BookingBatch.apply  # noqa: SLF001 - what the fault patches

    def apply_known(batch: Any, incoming: Any) -> Any:
        event, key = incoming.event, incoming.booking
        known = batch._bookings.get(key) or batch._held.get(key)  # noqa: SLF001 - what the fault patches
        if known is None and event.ends and membership_of(event.ref):
            return receive_event.Receipt(event.id, Outcome.IGNORED, "not known")
        return real(batch, incoming)

    patch.setattr(receive_event._BookingBatch, "apply", apply_known)  # noqa: SLF001 - what the fault patches
