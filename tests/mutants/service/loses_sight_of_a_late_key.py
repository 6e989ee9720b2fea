"""A key that is out is looked for only while a booking runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.domain import keys
from service.use_cases import track_keys

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"LIV-06", "LIV-07"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def next_poll_at(_key: Any, hold_periods: Any, due: Any, now: Any) -> Any:
        periods = list(hold_periods)
        moments = [at for period in periods for at in (period.start, period.end)]
        ahead = [at for at in [*moments, *([due] if due else [])] if at > now]
        if any(period.start <= now < period.end for period in periods):
            ahead.append(now + keys.POLL_EVERY)
        return min(ahead, default=None)

    patch.setattr(keys, "next_poll_at", next_poll_at)
    patch.setattr(track_keys, "next_poll_at", next_poll_at)
