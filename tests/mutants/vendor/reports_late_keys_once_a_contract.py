"""A key that was reported late is not reported at the new end of its contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.vendors.livionkey import timers

if TYPE_CHECKING:
    import pytest

    from fakes.vendors.livionkey.state import Contract

on = "vendor"
breaks = {"LIV-05"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def not_the_late_ones(contract: Contract) -> None:
        for each in contract.handovers:
            each.missed = False

    patch.setattr(timers, "report_again", not_the_late_ones)
