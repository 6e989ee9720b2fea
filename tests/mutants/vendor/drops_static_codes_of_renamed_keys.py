"""A change of a key that names no return code takes its static code away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.vendors.livionkey import delivery, keys

if TYPE_CHECKING:
    import pytest

    from fakes.kit.world import World
    from fakes.vendors.livionkey.state import Key

on = "vendor"
breaks = {"LIV-04"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = keys.change

    def as_named(world: World, key: Key, settings: keys.KeySettings) -> None:
        real(world, key, settings)
        key.return_code = settings.return_code
        delivery.sync_keys(world, [key.device])

    patch.setattr(keys, "change", as_named)
