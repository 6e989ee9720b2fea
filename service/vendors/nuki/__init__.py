"""Nuki: online locks that are told their codes over the air; see README.md."""

from __future__ import annotations

from service.vendors.nuki.adapter import Nuki as VENDOR  # noqa: N814

__all__ = ["VENDOR"]
