"""Of several locks of a rule it opens the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.domain import rules

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-03"}
also = {"EXV-01", "EXV-02", "LIV-08", "MSG-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    every = rules._one_a_lock  # noqa: SLF001 - what the fault patches

    def first(*about: Any) -> tuple[rules.Wanted, ...]:
        return every(*about)[:1]

    patch.setattr(rules, "_one_a_lock", first)
