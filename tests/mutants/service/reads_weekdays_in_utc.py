"""The weekday of a key is that of its start in UTC, not at the lock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING

from service.vendors.nuki import mapping

if TYPE_CHECKING:
    from datetime import tzinfo

    import pytest

    from service.domain.schedule import Window
    from service.vendors.nuki.mapping import Limits

on = "service"
breaks = {"NUK-09", "NUK-10"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = mapping._days_and_minutes  # noqa: SLF001 - what the fault patches

    def in_utc(window: Window, zone: tzinfo) -> Limits:
        day = window.start.astimezone(UTC).weekday()
        return replace(real(window, zone), weekdays=mapping.MONDAY >> day)

    for kind in (mapping.DAILY, mapping.WEEKLY):
        patch.setitem(mapping.WRITERS, kind, in_utc)
