"""Minutes of a key are counted by the offset of today, also for another season."""

from __future__ import annotations

from datetime import timezone
from typing import TYPE_CHECKING

from service import clock
from service.vendors.nuki import mapping

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    import pytest

on = "service"
breaks = {"NUK-09"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def minute(instant: datetime, zone: tzinfo) -> int:
        offset = zone.utcoffset(clock.now().replace(tzinfo=None))
        local = instant.astimezone(timezone(offset))
        return local.hour * 60 + local.minute

    patch.setattr(mapping, "_minute", minute)
