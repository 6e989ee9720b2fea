"""It writes a key's minutes by the clock of Greenwich."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from service.vendors.nuki import mapping

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"NUK-09"}
also = {"NUK-10", "NUK-11"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = mapping._minute  # noqa: SLF001 - what the fault patches
    patch.setattr(mapping, "_minute", lambda instant, _zone: real(instant, UTC))
