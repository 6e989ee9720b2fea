"""LivionKey: keys in cabinets, handed over by contract; see README.md."""

from __future__ import annotations

from service.vendors.livionkey.adapter import LivionKey as VENDOR  # noqa: N814

__all__ = ["VENDOR"]
