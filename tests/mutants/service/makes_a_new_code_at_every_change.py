"""Every change makes a new code, also one within the same hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain import changes
from service.domain.accesses import Status

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-11"}
also = {"LIV-05"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = changes._verb  # noqa: SLF001

    def restless(
        access: changes.Held, want: changes.Wanted, *rest: object
    ) -> changes.Verb:
        if access.status is Status.CREATED and access.wanted != want:
            return changes.Verb.END
        return real(access, want, *rest)

    patch.setattr(changes, "_verb", restless)
