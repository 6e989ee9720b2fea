"""It takes events whoever signed them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.web import webhooks

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"RES-06"}
also = {"CON-02"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(webhooks, "verification_error", lambda *_: None)
