"""It takes no note of keys that come back, but that they are in their slots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.domain import keys
from service.use_cases import follow

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"LIV-06"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = keys.witness

    def careless(known: keys.Key, *rest: Any) -> keys.Outlook:
        seen = real(known, *rest).key
        key = keys.Key(seen.inside, seen.slot, seen.since, seen.holder)
        return keys.Outlook(key, came_back=False)

    patch.setattr(follow, "witness", careless)
