"""A code is dead at its end, whatever grace is set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.vendors.livionkey.state import State

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from fakes.vendors.livionkey.state import Contract

on = "vendor"
breaks = {"LIV-03"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def at_the_end(_: State, contract: Contract) -> datetime | None:
        return contract.end

    patch.setattr(State, "closes", at_the_end)
