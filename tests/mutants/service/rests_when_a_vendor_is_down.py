"""When a vendor is down it does nothing for anybody for a minute."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import TYPE_CHECKING

from service import worker
from service.use_cases import issue

if TYPE_CHECKING:
    import pytest

    from service.use_cases.claim import Claimed
    from service.use_cases.setbacks import Setback

on = "service"
breaks = {"RES-03"}


def apply(patch: pytest.MonkeyPatch) -> None:
    rest = {"until": datetime.min.replace(tzinfo=UTC)}
    setback, claim = issue.setback, worker.claim

    def tired(error: Exception, *, now: datetime, **more: object) -> Setback:
        rest["until"] = now + timedelta(minutes=1)
        return setback(error, now=now, **more)

    def resting(*args: object) -> list[Claimed]:
        return [] if args[-1] < rest["until"] else claim(*args)

    patch.setattr(issue, "setback", tired)
    patch.setattr(worker, "claim", resting)
