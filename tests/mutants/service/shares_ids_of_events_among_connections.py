"""An event whose id came to another connection counts as a repetition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.use_cases.receive_event import IncomingEvent

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-02"}


SEEN: dict[str, tuple[str, str]] = {}


def apply(patch: pytest.MonkeyPatch) -> None:
    def shared(incoming: IncomingEvent) -> tuple[str, str]:
        event = incoming.event.id
        return SEEN.setdefault(event, (incoming.connection.id, event))

    patch.setattr(IncomingEvent, "name", property(shared))
