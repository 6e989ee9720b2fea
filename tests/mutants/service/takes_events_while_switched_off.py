"""It takes events while the connection is switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.store.connections import Connection

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-07"}
also = {"RES-07"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Connection, "refusal", None)
