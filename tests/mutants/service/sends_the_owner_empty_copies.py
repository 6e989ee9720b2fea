"""The owner's copy of a message is empty."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from service.store.messages import MessageKind, Reader
from service.use_cases import send_message

if TYPE_CHECKING:
    import pytest

    from service.domain.messages import RenderedText
    from service.store.database import Tx
    from service.store.messages import Message

on = "service"
breaks = {"MSG-03"}
also = {"MSG-04"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = send_message.text_of

    def empty(tx: Tx, message: Message) -> RenderedText:
        text = real(tx, message)
        copy = message.reader == Reader.OWNER and message.kind == MessageKind.CODE
        return replace(text, body="\n") if copy else text

    patch.setattr(send_message, "text_of", empty)
