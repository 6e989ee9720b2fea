"""It takes a text that names what does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.web.api import templates

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"MSG-03"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(templates, "check_template", lambda *_: None)
