"""The overview of one lock leaves out a code that opens it beside another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.store import overview, schema

if TYPE_CHECKING:
    import pytest

on = "service"
breaks = {"CON-08"}


def apply(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(overview, "opens", lambda lock: schema.accesses.c.lock_id == lock)
