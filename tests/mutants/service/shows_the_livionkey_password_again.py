"""It shows LivionKey's password in every answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from service.vendors.livionkey.adapter import LivionKey
from service.vendors.livionkey.api import FIELDS

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-06"}


def apply(patch: pytest.MonkeyPatch) -> None:
    plain = tuple(replace(field, secret=False) for field in FIELDS)
    patch.setattr(LivionKey, "fields", plain)
