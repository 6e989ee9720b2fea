"""It begins with an empty store whenever it is started."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import service

if TYPE_CHECKING:
    import pytest

    from service.app import Service
    from service.settings import Settings

on = "service"
breaks = {"RES-04"}


def apply(patch: pytest.MonkeyPatch) -> None:
    real = service.open_service

    def empty(settings: Settings, **more: object) -> Service:
        folder = Path(settings.database_url.removeprefix("sqlite:///")).parent
        for path in folder.glob("*.db*"):
            path.unlink()
        return real(settings, **more)

    patch.setattr(service, "open_service", empty)
