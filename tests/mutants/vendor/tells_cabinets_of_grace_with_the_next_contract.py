"""Grace that is changed reaches a cabinet with its next contract alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fakes.vendors.livionkey import timers
from fakes.vendors.livionkey.routes import portal
from fakes.vendors.livionkey.state import state_of

if TYPE_CHECKING:
    import pytest

    from fakes.kit.world import World

on = "vendor"
breaks = {"LIV-03"}


def apply(patch: pytest.MonkeyPatch) -> None:
    def change_settings(world: World, body: portal.SettingsChange) -> None:
        for name, value in body.model_dump(exclude_unset=True).items():
            setattr(state_of(world).settings, name, value)
        timers.rearm_all(world)

    patch.setattr(portal, "change_settings", change_settings)
