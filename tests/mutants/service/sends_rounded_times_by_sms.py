"""An SMS names the code's times, not the booking's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from service.domain.rules import Channel
from service.use_cases import send_message

if TYPE_CHECKING:
    import pytest

    from service.domain.messages import Facts
    from service.store.database import Tx
    from service.store.messages import Message

on = "service"
breaks = {"MSG-04"}
also = {"CON-15"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = send_message._facts  # noqa: SLF001 - what the fault patches

    def rounded(tx: Tx, message: Message) -> Facts:
        facts = real(tx, message)
        if message.channel != Channel.SMS:
            return facts
        access = send_message.accesses.get(tx, message.access_ids[0])
        return replace(facts, start=access.valid_from, end=access.valid_until)

    patch.setattr(send_message, "_facts", rounded)
