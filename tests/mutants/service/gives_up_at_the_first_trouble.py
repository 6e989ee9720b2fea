"""It asks the vendor once, and never again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain import retry

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"RES-01"}
also = {
    "CON-09",
    "CON-10",
    "CON-11",
    "CON-14",
    "CON-15",
    "EXV-02",
    "EXV-05",
    "IGL-09",
    "MSG-01",
    "MSG-06",
    "RES-04",
}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(retry, "next_try", lambda *_, **__: None)
