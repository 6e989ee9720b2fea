"""A step of the tables' history keeps the records, forth and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.config import Config
from freezegun import freeze_time

from service.store import accesses, messages
from service.store.engine import open_engine
from tests.service.shop import Shop
from tests.service.use_cases.conftest import MORNING

if TYPE_CHECKING:
    from collections.abc import Iterator


def go_back(database_url: str, step: str) -> None:
    """Bring the database to what it was after an earlier step."""
    config = Config()
    config.set_main_option("script_location", "service.store:migrations")
    engine = open_engine(database_url)
    with engine.begin() as sql:
        config.attributes["sql"] = sql
        command.downgrade(config, step)
    engine.dispose()


@pytest.fixture
def shop(database_url: str) -> Iterator[Shop]:
    with freeze_time(MORNING):
        shop = Shop(database_url)
        shop.rule()
        shop.tell("confirmed")
        shop.work()
        yield shop
        shop.close()


def test_records_are_the_same_after_the_way_back_and_forth(
    database_url: str, shop: Shop
) -> None:
    shop.service.close()
    go_back(database_url, "0006")
    shop.restart()
    store = shop.service.parts.store
    (access,) = store.read(accesses.SHELF.all)
    (message,) = store.read(messages.SHELF.all)
    assert (access.status, access.looks) == ("created", 0)
    assert (message.booking_ref, message.access_ids) == ("B-1", [access.id])
    assert message.status == "sent"
