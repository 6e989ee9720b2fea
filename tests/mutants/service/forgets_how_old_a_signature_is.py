"""It takes a signature of any age."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from service import secret

if TYPE_CHECKING:
    import pytest
    from standardwebhooks import Webhook

on = "service"
breaks = {"RES-06"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def ageless(self: Webhook, data: str, headers: dict[str, str], **_: object) -> None:
        at = datetime.fromtimestamp(float(headers["webhook-timestamp"]), UTC)
        marks = headers["webhook-signature"].split()
        if self.sign(headers["webhook-id"], at, data) not in marks:
            raise ValueError

    patch.setattr(secret.Webhook, "verify", ageless)
