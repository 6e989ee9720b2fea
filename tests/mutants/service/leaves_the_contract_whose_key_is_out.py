"""A cancelled contract whose key is out goes on to its booked end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.vendors.livionkey.adapter import ContractEnding

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-10", "CON-11", "CON-17"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ContractEnding, "_end_now", lambda *_: None)
