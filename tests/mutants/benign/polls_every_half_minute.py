"""What a lock has still to confirm is polled every half minute."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from service.domain import retry

if TYPE_CHECKING:
    import pytest

on = "service"
reads = {"CON", "EXV", "LIV", "NUK"}


def apply(patch: pytest.MonkeyPatch) -> None:
    steps = (timedelta(seconds=30),) * len(retry.POLL_STEPS)
    patch.setattr(retry, "POLL_STEPS", steps)
