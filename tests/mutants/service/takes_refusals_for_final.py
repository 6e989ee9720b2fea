"""What was refused once is never asked for again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain import retry

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-14"}
also = {"CON-15"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(retry, "ask_again_at", lambda *_, **__: None)
