"""igloohome: offline locks whose PINs carry their own window; see README.md."""

from __future__ import annotations

from service.vendors.igloohome.adapter import Igloohome as VENDOR  # noqa: N814

__all__ = ["VENDOR"]
