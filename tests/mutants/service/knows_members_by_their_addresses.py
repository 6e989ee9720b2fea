"""Somebody has one membership at most: a second community takes the first's place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain import booking
from service.web import webhooks

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"EXV-02"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def of_person(membership: str) -> str:
        return booking.ref_of(membership.rpartition("-")[0])

    patch.setattr(webhooks, "ref_of", of_person)
