"""A code that begins with a zero is told without it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from service.secret import Secret
from service.use_cases import send_message

if TYPE_CHECKING:
    import pytest

    from service.domain.messages import Facts
    from service.store.database import Tx
    from service.store.messages import Message

on = "service"
breaks = {"MSG-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = send_message._facts  # noqa: SLF001 - what the fault patches

    def as_numbers(tx: Tx, message: Message) -> Facts:
        facts = real(tx, message)
        if not facts.customer.startswith("Guest"):  # elsewhere chance would decide
            return facts
        doors = (
            replace(door, pin=Secret(door.pin.reveal().lstrip("0")))
            for door in facts.doors
        )
        return replace(facts, doors=tuple(doors))

    patch.setattr(send_message, "_facts", as_numbers)
