"""It takes no note of keys that come back, but that they are in their slots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.domain import keys
from service.use_cases import track_keys

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"LIV-06"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = keys.apply_observation

    def careless(known: keys.Key, *rest: Any) -> keys.KeyUpdate:
        seen = real(known, *rest).key
        key = keys.Key(seen.inside, seen.slot, seen.since, seen.holder)
        return keys.KeyUpdate(key, came_back=False)

    patch.setattr(track_keys, "apply_observation", careless)
