"""A customer is who has the mail address, whatever id the platform names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from service.domain.booking import holder
from service.use_cases import recurring

if TYPE_CHECKING:
    import pytest

    from service.domain.booking import Customer

on = "service"
breaks = {"NUK-10"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def by_address(customer: Customer) -> str | None:
        return holder(replace(customer, id=None) if customer.email else customer)

    patch.setattr(recurring, "holder", by_address)
