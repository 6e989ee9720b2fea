"""It believes that a code stays where it was put."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.use_cases.watch_locks import LockCheck

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-13"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(LockCheck, "_is_missing", lambda *_: False)
