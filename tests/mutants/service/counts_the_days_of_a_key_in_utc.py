"""The days of a customer's key, one window each, are days in UTC."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from service.use_cases import recurring

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"NUK-10"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = recurring.push_at

    def push_at(window: Any, others: Any, *, now: Any, zone: Any) -> Any:
        del zone
        return real(window, others, now=now, zone=UTC)

    patch.setattr(recurring, "push_at", push_at)
