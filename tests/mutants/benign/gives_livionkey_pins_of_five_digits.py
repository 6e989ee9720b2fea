"""A LivionKey PIN has five digits, which the vendor takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain.access import PinForm
from service.vendors.livionkey.adapter import LivionKey

if TYPE_CHECKING:
    import pytest

on = "service"
reads = {"CON-03", "CON-09", "CON-10", "CON-11", "CON-12", "LIV", "MSG", "RES-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(LivionKey, "pin_form", PinForm(length=5, digits="0123456789"))
