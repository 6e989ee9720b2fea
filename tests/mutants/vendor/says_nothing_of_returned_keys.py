"""The manager learns of late keys alone, never of those that came back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fakes.vendors.livionkey import notices

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"LIV-06"}
also = {"LIV-05"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = notices.notify_manager

    def of_late_ones(world: Any, contract: Any, kind: str, key: Any) -> None:
        if kind != "returned":
            real(world, contract, kind, key)

    patch.setattr(notices, "notify_manager", of_late_ones)
