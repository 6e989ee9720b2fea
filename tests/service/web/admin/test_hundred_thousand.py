"""The overview of codes over 100,000 rows: its pages are small and cost little.

What a page costs is told in SQLite's own instructions, so no other load counts.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from service.store import schema
from service.store.database import Sql
from tests.service.web.admin.conftest import text_of
from tests.service.web.conftest import event

if TYPE_CHECKING:
    from sqlalchemy import Table

    from service.store.database import Tx
    from tests.service.web.admin.conftest import Browser

MANY = 100_000
STEP = 100
MOST_BYTES = 100_000
NUMBERS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {many})"
)


def copies(table: Table, **changed: str) -> str:
    """Return the statement that copies a table's one row for each number `i`."""
    names = [column.name for column in table.c]
    chosen = ", ".join(changed.get(name, name) for name in names)
    return (
        f"INSERT INTO {table.name} ({', '.join(names)}) "  # noqa: S608 - our own names
        f"{NUMBERS.format(many=MANY)} SELECT {chosen} FROM {table.name}, n"
    )


COPIES = (
    copies(schema.bookings, ref="'N-' || i", resource="'hall-' || (i % 50)"),
    copies(
        schema.accesses,
        id="substr(id, 1, 8) || printf('%010d', i)",
        booking_ref="'N-' || i",
    ),
)


def fill(tx: Tx) -> None:
    for words in COPIES:
        tx.sql.driver.execute(words)


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count SQLite's own instructions, which no other load on the machine changes."""
    counted: Counter[str] = Counter()
    run = Sql.run

    def count() -> None:
        counted["steps"] += STEP

    def counting(sql: Sql, words: str, values: Any = ()) -> Any:
        sql.driver.set_progress_handler(count, STEP)
        return run(sql, words, values)

    monkeypatch.setattr(Sql, "run", counting)
    return counted


PLAIN = (
    "/",
    "/?status=created",
    "/?status=failed",
    "/?active=true",
    "/?connection={own}",
    "/?connection={own}&status=created&active=true",
)
SEARCHES = (
    "/?search=N-77777",
    "/?search=hall-7",
    "/?search=ada",
    "/?search=nobody",
    "/?search=N-7&status=created&active=true&connection={own}",
    "/?active=false",
)
LITTLE = 20_000
EACH_ROW = 60


def test_page_of_many_codes_is_small_and_read_by_an_index(
    browser: Browser, steps: Counter[str]
) -> None:
    own = filled(browser)
    steps.clear()
    for page in PLAIN:
        assert size_of(browser, page.format(own=own)) < MOST_BYTES, page
        assert steps.pop("steps", 0) < LITTLE, page
    older = browser.open("/").find("a", string="Older")
    assert older is not None
    assert size_of(browser, str(older["href"])) < MOST_BYTES
    assert steps.pop("steps", 0) < LITTLE * 2


def test_search_looks_at_each_booking_once(
    browser: Browser, steps: Counter[str]
) -> None:
    own = filled(browser)
    steps.clear()
    for page in SEARCHES:
        assert size_of(browser, page.format(own=own)) < MOST_BYTES, page
        assert steps.pop("steps", 0) < EACH_ROW * MANY, page
    assert "N-77777" in text_of(browser.open("/?search=N-77777"))
    assert "N-99957" in text_of(browser.open("/?search=hall-7&active=true"))


def filled(browser: Browser) -> str:
    """Store the rows; return the id of their connection."""
    api = browser.api
    ready = api.ready()
    api.send(ready, event())
    api.env.work()
    api.env.service.deps.store.write(fill)
    found: str = ready["id"]
    return found


def size_of(browser: Browser, path: str) -> int:
    answer = browser.client.get(path)
    assert answer.status_code == 200
    return len(answer.data)
