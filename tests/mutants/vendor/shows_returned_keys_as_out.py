"""A key that is back is shown by the event before it came back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fakes.vendors.livionkey import webhooks

if TYPE_CHECKING:
    import pytest

    from fakes.vendors.livionkey.state import Key

on = "vendor"
breaks = {"LIV-06"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = webhooks.key_status

    def without_noting(world: Any, key: Key, action: str, *rest: Any) -> None:
        before = key.last
        real(world, key, action, *rest)
        if action == "key-returned":
            key.last = before

    patch.setattr(webhooks, "key_status", without_noting)
