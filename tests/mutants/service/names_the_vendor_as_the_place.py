"""The place of an access names the vendor, and nothing that could be found there."""

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

    def vague(*what: Any) -> AccessSchema:
        shown = real(*what)
        brand = (shown.vendor_place or "").partition(":")[0]
        return shown.model_copy(update={"vendor_place": brand or None})

    patch.setattr(read_models, "_access_schema", vague)
