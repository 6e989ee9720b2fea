"""A token that may read locks, and no codes, is linked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.vendors.nuki.api import Client

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Client, "check_codes", lambda *_: None)
