"""It looks where the keys are when the account is linked, and never again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain.keys import KeyObservation
from service.vendors.livionkey.adapter import LivionKey

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"LIV-07"}
also = {"CON-15", "CON-17", "LIV-05", "LIV-06"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def as_ever(*_: object) -> KeyObservation:
        return KeyObservation(inside=True, slot=0, since=None)

    patch.setattr(LivionKey, "get_key_state", as_ever)
