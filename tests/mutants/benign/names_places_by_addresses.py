"""The place of an access is the address of a page in the vendor's web app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from service.web import read_models

if TYPE_CHECKING:
    import pytest

    from service.app import Service
    from service.store.accesses import Access
    from service.web.read_models import AccessSchema

on = "service"
reads = {"CON-08", "CON-09"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = read_models._access_schema  # noqa: SLF001 - what the fault patches

    def by_address(
        service: Service, access: Access, known: Any, *rest: Any
    ) -> AccessSchema:
        shown = real(service, access, known, *rest)
        page = f"https://web.example.com/locks/{known[access.lock_id].vendor_id}"
        return shown.model_copy(update={"vendor_place": page})

    patch.setattr(read_models, "_access_schema", by_address)
