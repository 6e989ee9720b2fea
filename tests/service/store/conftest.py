"""A store on each kind of database, open for one test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from service.store.store import Store
from tests.service.conftest import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    opened = Store(database_url, KEY)
    yield opened
    opened.close()
