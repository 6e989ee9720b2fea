"""A Nuki lock behind one resource, with a frozen clock."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contracts.integration import IntegrationEnv, frozen_clock, integration_env_at
from tests.contracts.nuki.helpers import MORNING

clock = frozen_clock(MORNING)
env = integration_env_at("nuki", MORNING)


@pytest.fixture
def door(env: IntegrationEnv) -> Any:
    """Return the door of resource `room`, its account connected."""
    door = env.world.add_door("nuki", timezone="Europe/Berlin")
    env.connect()
    env.rule(door)
    return door
