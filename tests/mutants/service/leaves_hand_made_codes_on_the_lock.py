"""A code made by hand stays on the lock for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.use_cases import revoke_code

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"NUK-13"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = revoke_code.cleanup_plan

    def of_bookings(deps: Any, access: Any, end: Any) -> Any:
        return None if access.by_hand else real(deps, access, end)

    patch.setattr(revoke_code, "cleanup_plan", of_bookings)
