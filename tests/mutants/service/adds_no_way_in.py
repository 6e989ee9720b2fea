"""What a rule adds beside the link is accepted, and never made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.vendors.exivo import invitations, pads

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"EXV-05"}


def apply(patch: pytest.MonkeyPatch) -> None:
    for way in (invitations, pads):
        patch.setattr(way, "add", lambda *_: None)
