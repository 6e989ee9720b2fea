"""Messages name a phone number, a customer number and a year beside the code."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from service.use_cases import send_message

if TYPE_CHECKING:
    import pytest

    from service.domain.messages import RenderedText
    from service.store.database import Tx
    from service.store.messages import Message

on = "service"
reads = {"CON-11", "EXV", "IGL-02", "LIV", "MSG", "NUK-02"}


BESIDE = (
    "Call us on +46 8 123 456 78. Customer 2026-118830. Since 2019 at Vasagatan 1204.\n"
)


def apply(patch: pytest.MonkeyPatch) -> None:
    real = send_message.text_of

    def longer(tx: Tx, message: Message) -> RenderedText:
        text = real(tx, message)
        return replace(text, body=f"{text.body}\n{BESIDE}")

    patch.setattr(send_message, "text_of", longer)
