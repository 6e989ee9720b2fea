"""The end of a membership is taken, and ends nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain.booking import Event, EventType

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"EXV-02"}
also = {"CON-17"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Event, "ends", property(lambda e: e.type is EventType.CANCELLED))
