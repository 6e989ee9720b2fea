"""An update that names no end moves the contract's end to the default checkout."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fakes.vendors.livionkey import contracts, validation

if TYPE_CHECKING:
    import pytest

    from fakes.kit.world import World
    from fakes.vendors.livionkey.state import Contract
    from fakes.vendors.livionkey.validation import Terms

on = "vendor"
breaks = {"LIV-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    honest = contracts.change

    def change(world: World, contract: Contract, terms: Terms) -> None:
        if terms.end == contract.end:
            device = terms.asks[0].device
            checkout = validation.default_end(world, device, terms.start)
            terms = replace(terms, end=checkout or terms.end)
        honest(world, contract, terms)

    patch.setattr(contracts, "change", change)
