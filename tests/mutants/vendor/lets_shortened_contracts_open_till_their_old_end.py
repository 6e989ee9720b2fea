"""A contract's end that is brought forward reaches no cabinet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.vendors.livionkey import contracts, delivery

if TYPE_CHECKING:
    import pytest

    from fakes.kit.world import World
    from fakes.vendors.livionkey.state import Contract
    from fakes.vendors.livionkey.validation import Terms

on = "vendor"
breaks = {"LIV-01", "LIV-02"}


def apply(patch: pytest.MonkeyPatch) -> None:
    honest = contracts.change

    def change(world: World, contract: Contract, terms: Terms) -> None:
        shorter = contract.end and terms.end and terms.end < contract.end
        with patch.context() as briefly:
            if shorter:
                briefly.setattr(delivery, "sync_devices", lambda *_: None)
            honest(world, contract, terms)

    patch.setattr(contracts, "change", change)
