"""It takes a code that was accepted for one that the lock has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.ports import VendorPending
from service.vendors.nuki.adapter import CodeDelivery
from service.vendors.nuki.mapping import Row

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"NUK-02"}
also = {"CON-12", "NUK-03", "RES-01"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = CodeDelivery.take_step

    def hasty(self: CodeDelivery) -> Row:
        try:
            return real(self)
        except VendorPending:
            return Row(
                ref="",
                code=self._pin,
                name=self._name,
                enabled=True,
                limits={},
                number=0,
                under_way=False,
                error="",
                updated_at=None,
            )

    patch.setattr(CodeDelivery, "take_step", hasty)
