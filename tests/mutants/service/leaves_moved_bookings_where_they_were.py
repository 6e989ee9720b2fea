"""A code that was made is kept, wherever its booking moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain.access import Held, Status, Verb, _verb

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-11"}
also = {"CON-09", "CON-12", "CON-15", "EXV-02", "LIV-05", "MSG-03", "NUK-09", "RES-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = _verb

    def settled(access: Held, *rest: object) -> Verb:
        if access.status is Status.CREATED:
            return Verb.KEEP
        return real(access, *rest)

    patch.setattr("service.domain.access._verb", settled)
