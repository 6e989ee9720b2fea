"""What the owner changes counts for bookings to come alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.store import bookings

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-16"}
also = {"EXV-02"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(bookings, "look_again", lambda *_: None)
