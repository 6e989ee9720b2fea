"""A LivionKey cabinet with two keys, with a frozen clock."""

from __future__ import annotations

import pytest

from tests.contracts.integration import IntegrationEnv, frozen_clock, integration_env_at
from tests.contracts.livionkey.livionkey_env import MORNING, LivionKeyEnv

clock = frozen_clock(MORNING)
env = integration_env_at("livionkey", MORNING)


@pytest.fixture
def livionkey_env(env: IntegrationEnv) -> LivionKeyEnv:
    """Return the environment whose events arrive, with default settings."""
    return LivionKeyEnv.of(env)
