"""All locks have the same secret, so a PIN of one opens every other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.doors import lock
from fakes.doors.algopin import codec
from fakes.vendors.igloohome import issue

if TYPE_CHECKING:
    import pytest

    from fakes.doors.algopin import AlgoPin

on = "vendor"
breaks = {"IGL-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def same(_secret: str, epoch: int) -> AlgoPin:
        return codec("one for all", epoch)

    for module in (lock, issue):
        patch.setattr(module, "codec", same)
