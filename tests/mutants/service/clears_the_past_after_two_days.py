"""Codes of the past are cleared after two days, whatever time is set."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from service.store import retention

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from service.store.database import Tx

on = "service"
breaks = {"CON-08"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = retention.delete_old

    def hasty(tx: Tx, before: datetime) -> int:
        return real(tx, before + timedelta(days=28))

    patch.setattr(retention, "delete_old", hasty)
