"""Of a key that comes back, or is late, twice on one day, the second time is untold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.use_cases.notices import Notice

if TYPE_CHECKING:
    from datetime import datetime

    import pytest

    from service.store.accesses import Access
    from service.store.messages import MessageKind

on = "service"
breaks = {"LIV-05", "LIV-06"}


def once_a_day(kind: MessageKind, access: Access, rule_id: str, at: datetime) -> Notice:
    """Return the notice, which is the same all day."""
    return Notice(kind, at.date().isoformat(), access=access, rule_id=rule_id)


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Notice, "of_key", once_a_day)
