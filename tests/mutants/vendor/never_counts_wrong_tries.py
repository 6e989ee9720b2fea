"""The keypad lets anybody guess for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.doors.lock import Lock

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"IGL-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Lock, "_count_wrong_try", lambda *_: None)
