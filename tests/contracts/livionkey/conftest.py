"""A lobby with a key cabinet, on a morning that stands still."""

from __future__ import annotations

import pytest

from tests.contracts.livionkey.lobby import MORNING, Lobby
from tests.contracts.premises import Premises, opened, standing

still = standing(MORNING)
place = opened("livionkey", MORNING)


@pytest.fixture
def lobby(place: Premises) -> Lobby:
    """Return a lobby whose events arrive, with nothing special agreed."""
    return Lobby.of(place)
