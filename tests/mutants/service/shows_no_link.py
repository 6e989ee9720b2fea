"""The link of an access is not shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.web import read_models

if TYPE_CHECKING:
    import pytest

    from service.web.read_models import AccessSchema

on = "service"
breaks = {"CON-09"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = read_models._access_schema  # noqa: SLF001 - what the fault patches

    def without_link(*what: Any) -> AccessSchema:
        return real(*what).model_copy(update={"link": None})

    patch.setattr(read_models, "_access_schema", without_link)
