"""The organisation's default checkout ends every contract, whatever end it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fakes.vendors.livionkey.routes.v1 import contracts

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from fakes.kit.world import World

on = "vendor"
breaks = {"LIV-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = contracts._end  # noqa: SLF001 - what the fault patches

    def by_default(
        world: World, fields: Any, device: str, start: datetime, kind: str
    ) -> datetime | None:
        default = contracts.default_end(world, device, start)
        return default or real(world, fields, device, start, kind)

    patch.setattr(contracts, "_end", by_default)
