"""An access does not show its PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.web import read_models

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-09"}
also = {"CON-08", "IGL-08", "IGL-09"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = read_models._access_schema  # noqa: SLF001 - what the fault patches

    def blanked(*args: object) -> read_models.AccessSchema:
        return real(*args).model_copy(update={"pin": None})

    patch.setattr(read_models, "_access_schema", blanked)
