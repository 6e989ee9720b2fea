"""A cabinet is not told of a contract that has moved to another, and goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.vendors.livionkey import contracts

if TYPE_CHECKING:
    import pytest

    from fakes.kit.world import World
    from fakes.vendors.livionkey.state import Contract

on = "vendor"
breaks = {"LIV-02"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = contracts._publish  # noqa: SLF001 - what the fault patches

    def there_alone(
        world: World, contract: Contract, what: str, devices: set[str]
    ) -> None:
        del devices
        real(world, contract, what, set())

    patch.setattr(contracts, "_publish", there_alone)
