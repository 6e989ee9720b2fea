"""An Exivo way in that could not be added at once is never added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.ports import VendorError
from service.vendors.exivo import adapter

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"EXV-05"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(adapter.Exivo, "_add_ways_in", _add_ways_in)


def _add_ways_in(
    self: adapter.Exivo, account: adapter.Account, order: adapter.Order
) -> str | None:
    missing = []
    for way in adapter.WAYS_IN:
        try:
            if way.NAME in order.options:
                way.add(self._client, account, order)
        except VendorError as failed:
            missing.append(f"Without {way.MEANS}: {failed.reason}.")
    return " ".join(missing) or None
