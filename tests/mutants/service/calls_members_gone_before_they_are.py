"""While the vendor is down nothing says that a member's code still opens the door."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.use_cases.revoke_code import Revoke

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"EXV-02"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Revoke, "_meanwhile", lambda *_: {})
