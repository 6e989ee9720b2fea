"""The person whose PIN works at the pads is made without a last day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.vendors.exivo.api import Client

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"EXV-05"}


def apply(patch: pytest.MonkeyPatch) -> None:
    make = Client.make_person

    def make_person(self: Client, account: Any, order: Any) -> Any:
        kept = {name: order[name] for name in order if name != "exitDate"}
        return make(self, account, kept)

    patch.setattr(Client, "make_person", make_person)
