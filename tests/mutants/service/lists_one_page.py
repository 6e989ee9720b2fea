"""Its overview ends with its first page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.web.read_models import AccessSchema, PageOf

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-08"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(PageOf[AccessSchema], "model_dump_json", _without_cursor)


def _without_cursor(page: PageOf[AccessSchema]) -> str:
    return page.__pydantic_serializer__.to_json(
        page.model_copy(update={"next_cursor": None})
    ).decode()
