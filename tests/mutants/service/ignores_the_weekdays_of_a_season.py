"""A standing booking of some weekdays opens on that of its first day alone."""

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


def apply(patch: pytest.MonkeyPatch) -> None:
    real = mapping.limits

    def first_alone(window: Window, zone: tzinfo) -> Limits:
        kind = window.kind.partition(" ")[0]
        return real(replace(window, kind=kind), zone)

    patch.setattr(mapping, "limits", first_alone)
