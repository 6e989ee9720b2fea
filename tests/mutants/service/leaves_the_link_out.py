"""An SMS, and a text of the owner's, carry the PIN and no link unless they name it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain import messages

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"MSG-05"}
also = {"EXV-02", "MSG-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    rest = {name: by for name, by in messages.ALWAYS.items() if name != "way"}
    patch.setattr(messages, "ALWAYS", rest)
