"""Every change makes a new code, also one within the same hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain.access import Held, Status, Verb, Wanted, _verb

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-11"}
also = {"CON-15", "LIV-05", "RES-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = _verb

    def restless(access: Held, want: Wanted, *rest: object) -> Verb:
        if access.status is Status.CREATED and access.wanted != want:
            return Verb.END
        return real(access, want, *rest)

    patch.setattr("service.domain.access._verb", restless)
