"""It sends a message at every event, also at one that changes nothing."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from service.use_cases import plan_messages

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-12"}
also = {"RES-04"}


def apply(patch: pytest.MonkeyPatch) -> None:
    numbers = count()
    fresh = property(lambda _: f"news {next(numbers)}")
    patch.setattr(plan_messages._MessagePlan, "fingerprint", fresh)  # noqa: SLF001 - what the fault patches
