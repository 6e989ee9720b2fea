"""A cancellation does not end an access that waits for its code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain.access import AccessFacts, Ending, Status, ending
from service.use_cases import reconcile

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

on = "service"
breaks = {"CON-10"}
also = {"CON-12", "NUK-03"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def patient(access: AccessFacts, now: datetime) -> Ending:
        if access.status is Status.IN_PROGRESS:
            return Ending(step=None)
        return ending(access, now)

    patch.setattr(reconcile, "ending", patient)
