"""A room whose door has a Nuki lock, on a morning that stands still."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contracts.nuki.room import MORNING
from tests.contracts.premises import Premises, opened, standing

still = standing(MORNING)
place = opened("nuki", MORNING)


@pytest.fixture
def door(place: Premises) -> Any:
    """Return a door behind `room`, its account linked."""
    door = place.site.door("nuki", timezone="Europe/Berlin")
    place.connect()
    place.rule(door)
    return door
