"""A studio behind two Exivo doors, on a morning that stands still."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contracts.exivo.house import MORNING
from tests.contracts.premises import Premises, opened, standing

still = standing(MORNING)
place = opened("exivo", MORNING)


@pytest.fixture
def door(place: Premises) -> Any:
    """Return a door behind `room`, its site linked."""
    door = place.site.door("exivo", timezone="Europe/Zurich")
    place.connect()
    place.rule(door)
    return door
