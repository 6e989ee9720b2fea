"""A code gives its key out within the grace, as if its time were not over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.doors.keycode import Memory

if TYPE_CHECKING:
    import pytest

on = "vendor"
breaks = {"LIV-03"}


def apply(patch: pytest.MonkeyPatch) -> None:
    always = property(lambda _memory: True, lambda _memory, _value: None)
    patch.setattr(Memory, "grace_allows_fetch", always)
