"""Messages name times by the offset of today, also beyond a change of the clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timezone
from typing import TYPE_CHECKING

from service import clock
from service.use_cases import send_message

if TYPE_CHECKING:
    import pytest

    from service.domain.messages import Facts
    from service.store.database import Tx
    from service.store.messages import Message

on = "service"
breaks = {"MSG-04"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = send_message._facts  # noqa: SLF001 - what the fault patches

    def unchanging(tx: Tx, message: Message) -> Facts:
        facts = real(tx, message)
        offset = facts.zone.utcoffset(clock.now().replace(tzinfo=None))
        return replace(facts, zone=timezone(offset))

    patch.setattr(send_message, "_facts", unchanging)
