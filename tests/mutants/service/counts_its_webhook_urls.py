"""Its webhook URLs are numbers, one after the other."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from service.use_cases import connections

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-02"}


def apply(patch: pytest.MonkeyPatch) -> None:
    numbers = count(1)
    patch.setattr(connections, "new_webhook_key", lambda: f"{next(numbers):024}")
