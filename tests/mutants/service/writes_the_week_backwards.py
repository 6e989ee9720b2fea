"""It writes the mask of weekdays from the other end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from service.vendors.nuki import mapping

if TYPE_CHECKING:
    from datetime import tzinfo

    import pytest

    from service.domain.schedule import Window
    from service.vendors.nuki.mapping import Limits

on = "service"
breaks = {"NUK-09"}
also = {"NUK-07"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = mapping.WRITERS[mapping.WEEKLY]

    def backwards(window: Window, zone: tzinfo) -> Limits:
        day = 1 << window.start.astimezone(zone).weekday()
        return replace(real(window, zone), weekdays=day)

    patch.setitem(mapping.WRITERS, mapping.WEEKLY, backwards)
