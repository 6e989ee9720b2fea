"""A signing secret that was replaced goes on signing events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.store.connections import Connection

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"RES-06"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def secrets(of: Connection, now: Any) -> list[str]:
        del now
        return [
            each for each in (of.sealed_signing_secret, of.sealed_old_secret) if each
        ]

    patch.setattr(Connection, "sealed_signing_secrets", secrets)
