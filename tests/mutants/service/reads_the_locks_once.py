"""It never asks the vendor for its locks again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.use_cases import connections

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-05"}
also = {"NUK-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(connections, "note_devices", lambda *_: None)
