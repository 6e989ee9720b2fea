"""It asks again as soon as it likes, whatever the vendor's Retry-After says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service import vendor_http

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-14"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(vendor_http, "_retry_after", lambda _text: None)
