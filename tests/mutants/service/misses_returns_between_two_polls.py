"""A key that was fetched and given back between two polls is no return."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.use_cases import track_keys

if TYPE_CHECKING:
    import pytest

    from service.domain.keys import KeyUpdate

on = "service"
breaks = {"LIV-06"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = track_keys.apply_observation

    def observe(known: Any, observed: Any, periods: Any, now: Any) -> KeyUpdate:
        update = real(known, observed, periods, now)
        return update._replace(came_back=update.came_back and not known.inside)

    patch.setattr(track_keys, "apply_observation", observe)
