"""An Exivo PIN has four digits, as few as the vendor takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain.access import PinForm
from service.vendors.exivo.adapter import Exivo

if TYPE_CHECKING:
    import pytest

on = "service"
reads = {"CON-03", "CON-09", "CON-10", "CON-11", "CON-12", "EXV", "MSG", "RES-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Exivo, "pin_form", PinForm(length=4, digits="0123456789"))
