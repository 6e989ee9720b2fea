"""It sets a first day on a weekly key that lies before its season."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from service.vendors.nuki import mapping

if TYPE_CHECKING:
    from datetime import tzinfo

    import pytest

    from service.domain.schedule import Window
    from service.vendors.nuki.mapping import Limits

on = "service"
breaks = {"NUK-07"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = mapping.WRITERS[mapping.WEEKLY]

    def early(window: Window, zone: tzinfo) -> Limits:
        limits = real(window, zone)
        return replace(limits, start=limits.start - timedelta(days=365))

    patch.setitem(mapping.WRITERS, mapping.WEEKLY, early)
