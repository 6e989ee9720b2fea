"""A code goes on taking its key back, with or without grace, long after the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.doors.keycode import Grant

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from fakes.doors.keycode import Phase

on = "vendor"
breaks = {"LIV-02"}
also = {"LIV-03"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = Grant.phase

    def lenient(self: Grant, at: datetime) -> Phase:
        phase = real(self, at)
        return "grace" if phase == "closed" else phase

    patch.setattr(Grant, "phase", lenient)
