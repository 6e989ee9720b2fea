"""It assigns a key that is out to the guest whose booking runs now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.domain import keys

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"LIV-07"}
also = {"LIV-06"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = keys._holder  # noqa: SLF001 - what the fault patches

    def by_the_clock(
        known: Any,
        seen: Any,
        hold_periods: list[keys.HoldPeriod],
        now: Any,
        *,
        moved: bool,
    ) -> str | None:
        turn = keys._holder_at(hold_periods, now)  # noqa: SLF001 - what the fault patches
        return turn or real(known, seen, hold_periods, now, moved=moved)

    patch.setattr(keys, "_holder", by_the_clock)
