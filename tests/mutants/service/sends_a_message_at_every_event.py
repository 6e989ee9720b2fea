"""It sends a message at every event, also at one that changes nothing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from service import clock
from service.use_cases import plan_messages

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-12"}
also = {"CON-14"}


MANY = 5
"""How often at one instant; else each message, once sent, would bring the next."""


def apply(patch: pytest.MonkeyPatch) -> None:
    numbers: Counter[object] = Counter()

    def fresh(_plan: object) -> str:
        now = clock.now()
        numbers[now] += 1
        return f"news {now} {min(numbers[now], MANY)}"

    patch.setattr(plan_messages._MessagePlan, "fingerprint", property(fresh))  # noqa: SLF001 - what the fault patches
