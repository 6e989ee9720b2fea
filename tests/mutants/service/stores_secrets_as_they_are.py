"""It keeps secrets as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.secret import Secret, reveal
from service.store.vault import Vault

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-06"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Vault, "seal", lambda _, secret: reveal(secret))
    patch.setattr(Vault, "open", lambda _, sealed: Secret(sealed))
