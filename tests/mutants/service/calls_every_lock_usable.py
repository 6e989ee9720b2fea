"""It lets rules name locks that no code can reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.vendors.nuki import mapping

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"NUK-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(mapping, "_unusable", lambda _body: None)
