"""What has failed is tried again a minute later at the earliest."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from service.domain import retry

if TYPE_CHECKING:
    import pytest

on = "service"
reads = {"CON-09", "CON-10", "CON-11", "CON-14", "CON-15", "NUK", "RES"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(retry, "FIRST_WAIT", timedelta(minutes=1))
