"""A studio behind two Exivo doors, on a morning that stands still."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pytest
from freezegun import freeze_time

from tests.contracts.exivo.house import MORNING
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
    place = Premises(still, sqlite_url, "exivo")
    yield place
    place.close()


@pytest.fixture
def door(place: Premises) -> Any:
    """Return a door behind `room`, its site linked."""
    door = place.site.door("exivo", timezone="Europe/Zurich")
    place.connect()
    place.rule(door)
    return door
