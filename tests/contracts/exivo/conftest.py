"""An Exivo site behind one resource, with a frozen clock."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contracts.exivo.helpers import MORNING
from tests.contracts.integration import IntegrationEnv, frozen_clock, integration_env_at

clock = frozen_clock(MORNING)
env = integration_env_at("exivo", MORNING)


@pytest.fixture
def door(env: IntegrationEnv) -> Any:
    """Return the door of resource `room`, its site connected."""
    door = env.world.add_door("exivo", timezone="Europe/Zurich")
    env.connect()
    env.rule(door)
    return door
