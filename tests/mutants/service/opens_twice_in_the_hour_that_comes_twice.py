"""A key of the day is written in minutes on a day with an hour twice as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.vendors.nuki import mapping

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"NUK-10"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(mapping, "_is_plain", lambda *_: True)
