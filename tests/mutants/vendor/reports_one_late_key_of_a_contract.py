"""Of the keys of one contract that are late the first is reported, and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.vendors.livionkey import timers

if TYPE_CHECKING:
    import pytest

    from fakes.kit.world import World
    from fakes.vendors.livionkey.state import Contract, Handover

on = "vendor"
breaks = {"LIV-05"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = timers._report_overdue  # noqa: SLF001 - what is broken

    def first_alone(world: World, contract: Contract, handover: Handover) -> None:
        if not any(each.overdue for each in contract.handovers):
            real(world, contract, handover)

    patch.setattr(timers, "_report_overdue", first_alone)
