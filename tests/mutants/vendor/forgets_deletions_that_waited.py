"""A deletion that waited for its lock is not taken up when the lock is back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.vendors.nuki import delivery, doors

if TYPE_CHECKING:
    import pytest

    from fakes.kit.world import World
    from fakes.vendors.nuki.state import Device

on = "vendor"
breaks = {"NUK-03"}


def apply(patch: pytest.MonkeyPatch) -> None:
    honest = delivery.resume

    def forgetful(world: World, device: Device) -> None:
        kept = dict(device.operations)
        for ref, each in kept.items():
            if each.kind == "delete" and each.waiting:
                del device.operations[ref]
        honest(world, device)
        device.operations.update(kept)

    patch.setattr(delivery, "resume", forgetful)
    patch.setattr(doors.delivery, "resume", forgetful)
