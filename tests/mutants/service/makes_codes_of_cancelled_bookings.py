"""A cancellation does not end an access that waits for its code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.domain.access import Status
from service.use_cases import reconcile

if TYPE_CHECKING:
    import pytest

    from service.domain.access import Ending
    from service.store.accesses import Access

on = "service"
breaks = {"CON-10"}
also = {"CON-12", "NUK-03"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = reconcile.ended_columns
    kept = {"status": Status.IN_PROGRESS, "works_until": None, "notice": None}

    def patient(access: Access, *rest: Any) -> tuple[Ending, dict[str, Any]]:
        how, columns = real(access, *rest)
        if access.status == Status.IN_PROGRESS:
            columns |= kept | {"due_at": None}
        return how, columns

    patch.setattr(reconcile, "ended_columns", patient)
