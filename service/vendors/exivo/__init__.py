"""dormakaba Exivo: online doors that a visit's link and PIN open; see README.md."""

from __future__ import annotations

from service.vendors.exivo.adapter import Exivo as VENDOR  # noqa: N814

__all__ = ["VENDOR"]
