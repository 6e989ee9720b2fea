"""Only short ids in ASCII are taken, of events and bookings alike."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from service.web import webhooks
from service.web.validation import Problem

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-12"}


MOST = 64


def apply(patch: pytest.MonkeyPatch) -> None:
    real = webhooks.read_event_payload

    def strict(body: bytes) -> webhooks.AnyEventPayload:
        payload = real(body)
        for each in (payload.id, payload.about[0]):
            if not each.isascii() or len(each) > MOST:
                raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "the id is no id")
        return payload

    patch.setattr(webhooks, "read_event_payload", strict)
