"""It calls a code removed without asking for its deletion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.vendors.nuki.adapter import Nuki

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"NUK-03"}
also = {
    "CON-09",
    "CON-10",
    "CON-11",
    "CON-12",
    "CON-16",
    "NUK-09",
    "NUK-13",
    "RES-01",
    "RES-07",
}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Nuki, "revoke", lambda *_: None)
