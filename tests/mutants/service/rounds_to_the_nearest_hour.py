"""It rounds both ends to the nearest hour, as the help page says."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from service.vendors.igloohome import mapping

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from service.domain.schedule import Window

on = "service"
breaks = {"IGL-02"}
also = {
    "CON-04",
    "CON-09",
    "CON-10",
    "CON-11",
    "CON-12",
    "IGL-03",
    "IGL-06",
    "IGL-08",
    "IGL-12",
    "MSG-01",
    "RES-01",
}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = mapping.plan
    half = timedelta(minutes=30)

    def nearest(start: datetime, end: datetime, **rest: object) -> Window:
        return real(start + half, end - half, **rest)

    patch.setattr(mapping.AlgoPins, "plan", staticmethod(nearest))
