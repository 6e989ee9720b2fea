"""It sees that a key is late, and tells nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.store.messages import MessageKind
from service.use_cases import notices, track_keys

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"LIV-05"}
also = {"CON-15", "CON-17"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = track_keys.send_notice

    def discreet(tx: Any, connection: Any, notice: notices.Notice, now: Any) -> None:
        if notice.kind is not MessageKind.OVERDUE:
            real(tx, connection, notice, now)

    patch.setattr(track_keys, "send_notice", discreet)
