"""A changed booking's visit is revoked before the one that takes its place is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.domain.access import ChangePolicy, Decision, decide
from service.use_cases import reconcile

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"RES-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def decided(wanted: Any, held: Any, plan: Any, policy: Any) -> list[Decision]:
        if policy is ChangePolicy.REPLACE:
            policy = ChangePolicy.NEVER
        return decide(wanted, held, plan, policy)

    patch.setattr(reconcile, "decide", decided)
