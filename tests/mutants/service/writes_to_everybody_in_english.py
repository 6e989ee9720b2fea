"""Everybody is written to in English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.use_cases import send_message

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"MSG-01"}
also = {"MSG-03"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(send_message, "language_for", lambda *_: "en")
