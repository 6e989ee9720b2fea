"""A connection that is switched off takes no cancellations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.web.webhooks import BookingEndPayload

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"RES-07"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(BookingEndPayload, "only_takes_away", False)
