"""The overview of codes finds the same in either database."""

from __future__ import annotations

import pytest

from service.clock import now
from service.store import messages, overview
from service.store.overview import AccessFilter
from tests.service.env import ServiceEnv


@pytest.mark.parametrize(
    ("text", "found"),
    [("b-1", 1), ("NOVAK", 2), ("court", 2), ("46701234567", 2), ("_", 0), ("%", 0)],
)
def test_part_of_what_is_known_finds_the_access(
    database_url: str, text: str, found: int
) -> None:
    env = ServiceEnv(database_url)
    env.rule()
    for ref in ("B-1", "B-2"):
        env.send_event("confirmed", ref)
    env.work()
    store = env.service.deps.store
    for wanted in (AccessFilter(text=text), AccessFilter(text=text, status="created")):
        rows = store.read(lambda tx, by=wanted: overview.page(tx, by, now(), None, 50))
        assert len(rows) == found
    assert store.read(lambda tx: messages.failed(tx, 50)) == []
    env.close()
