"""Of several doors with deadlines of first use, the message tells the latest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from service.domain import messages

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-15"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = messages._values  # noqa: SLF001 - what the fault patches

    def values(facts: Any, language: str) -> Any:
        by = [each.first_use_by for each in facts.doors if each.first_use_by]
        latest = {"first_use_by": max(by)} if by else {}
        doors = tuple(replace(each, **latest) for each in facts.doors)
        return real(replace(facts, doors=doors), language)

    patch.setattr(messages, "_values", values)
