"""Of several doors that have a link each, the message brings the first link."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from service.domain import messages

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"MSG-05"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = messages._values  # noqa: SLF001 - what the fault patches

    def values(facts: Any, language: str) -> Any:
        first, *others = facts.doors
        doors = (first, *(replace(each, link=None) for each in others))
        return real(replace(facts, doors=doors), language)

    patch.setattr(messages, "_values", values)
