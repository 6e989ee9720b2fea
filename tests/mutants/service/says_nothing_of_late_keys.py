"""It sees that a key is late, and tells nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.store.messages import Kind
from service.use_cases import follow

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"LIV-05"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = follow.tell

    def discreet(tx: Any, connection: Any, news: follow.News, now: Any) -> None:
        if news.kind is not Kind.OVERDUE:
            real(tx, connection, news, now)

    patch.setattr(follow, "tell", discreet)
