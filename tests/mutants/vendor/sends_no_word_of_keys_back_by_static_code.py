"""A key that comes back by the static code of its slot makes no event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fakes.vendors.livionkey import device_events

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"LIV-06"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = device_events.webhooks

    class Webhooks:
        def __getattr__(self, name: str) -> Any:
            return getattr(real, name)

        @staticmethod
        def key_status(
            world: Any, key: Any, state: str, at: Any, contract: Any
        ) -> None:
            if contract is not None:
                real.key_status(world, key, state, at, contract)

    patch.setattr(device_events, "webhooks", Webhooks())
