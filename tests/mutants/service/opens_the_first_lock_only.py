"""Of several locks of a rule it opens the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain import rules

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-03"}


def apply(patch: pytest.MonkeyPatch) -> None:
    every = rules._one_a_lock  # noqa: SLF001

    def first(
        booking: rules.Booking, found: list[rules.Rule]
    ) -> tuple[rules.Wanted, ...]:
        return every(booking, found)[:1]

    patch.setattr(rules, "_one_a_lock", first)
