"""A lock numbers a new code by how many it has, so it may overwrite another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.doors.codebook import FIRST_NUMBER, Codebook

if TYPE_CHECKING:
    import pytest

    from fakes.doors.codebook import StoredCode

on = "vendor"
breaks = {"NUK-08"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = Codebook.add

    def add(self: Codebook, code: StoredCode) -> int:
        self.next_number = FIRST_NUMBER + len(self.codes)
        return real(self, code)

    patch.setattr(Codebook, "add", add)
