"""It takes a booking that ends before it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.web import webhooks

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"RES-05"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(webhooks, "validate_event", lambda _event: None)
