"""A code that an update switches off goes on opening the lock."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fakes.doors.codebook import Codebook

if TYPE_CHECKING:
    import pytest

    from fakes.doors.codebook import StoredCode

on = "vendor"
breaks = {"NUK-08"}


def apply(patch: pytest.MonkeyPatch) -> None:
    honest = Codebook.change

    def change(book: Codebook, number: int, code: StoredCode) -> None:
        honest(book, number, replace(code, enabled=True))

    patch.setattr(Codebook, "change", change)
