"""Members are told by SMS of a booking, which they have none of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain.messages import default_template, member_template
from service.domain.rules import Channel
from service.use_cases import send_message

if TYPE_CHECKING:
    import pytest

    from service.domain.messages import Template

on = "service"
breaks = {"EXV-02"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def mixed_up(channel: Channel, language: str) -> Template:
        of = default_template if channel is Channel.SMS else member_template
        return of(channel, language)

    patch.setattr(send_message, "member_template", mixed_up)
