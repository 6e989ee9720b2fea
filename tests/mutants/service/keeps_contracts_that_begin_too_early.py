"""A key that is due later than at first is given out as at first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from service.vendors.livionkey.mapping import Contract

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from service.domain.schedule import Window

on = "service"
breaks = {"CON-11"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = Contract.fits

    def satisfied(self: Contract, window: Window, pin: str, now: datetime) -> bool:
        begun = replace(window, start=min(window.start, self.start))
        return real(self, begun, pin, now)

    patch.setattr(Contract, "fits", satisfied)
