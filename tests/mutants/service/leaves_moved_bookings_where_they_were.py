"""A code that was made is kept, wherever its booking moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain import changes
from service.domain.accesses import Status

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-11"}
also = {"CON-09", "CON-12", "EXV-02", "LIV-05", "RES-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = changes._verb  # noqa: SLF001

    def settled(access: changes.Held, *rest: object) -> changes.Verb:
        if access.status is Status.CREATED:
            return changes.Verb.KEEP
        return real(access, *rest)

    patch.setattr(changes, "_verb", settled)
