"""It begins with an empty store whenever it is started."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from service import app as building

if TYPE_CHECKING:
    import pytest

    from service.app import Service
    from service.settings import Settings

on = "service"
breaks = {"RES-04"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = building.open_service

    def empty(settings: Settings, **more: object) -> Service:
        folder = Path(settings.database_url.removeprefix("sqlite:///")).parent
        for path in folder.glob("*.db*"):
            path.unlink()
        return real(settings, **more)

    patch.setattr(building, "open_service", empty)
