"""What could not be taken back for six hours is left as it is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from service import clock
from service.use_cases.revoke_code import Revoke

if TYPE_CHECKING:
    import pytest

    from service.domain.access import Step

on = "service"
breaks = {"CON-10"}


PATIENCE = timedelta(hours=6)


def apply(patch: pytest.MonkeyPatch) -> None:
    real = Revoke._decide_retry  # noqa: SLF001 - what the fault patches

    def impatient(self: Revoke, error: Exception, *rest: Any) -> tuple[Step, Any]:
        since = self.access.cancelled_at
        if since and clock.now() - since > PATIENCE:
            return self._kept("it was tried long enough", clock.now())
        return real(self, error, *rest)

    patch.setattr(Revoke, "_decide_retry", impatient)
