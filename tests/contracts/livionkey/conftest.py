"""A lobby with a key cabinet, on a morning that stands still."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pytest
from freezegun import freeze_time

from tests.contracts.livionkey.lobby import MORNING
from tests.contracts.livionkey.lobby import Lobby
from tests.contracts.premises import Premises

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def still() -> Iterator[Any]:
    with freeze_time(MORNING) as clock:
        yield clock


@pytest.fixture
def place(still: Any, sqlite_url: str) -> Iterator[Premises]:
    still.move_to(MORNING)
    place = Premises(still, sqlite_url, "livionkey")
    yield place
    place.close()


@pytest.fixture
def lobby(place: Premises) -> Lobby:
    """Return a lobby whose events arrive, with nothing special agreed."""
    return Lobby.of(place)
