"""Usage: codes are counted by month, connection and resource, and leave as a file."""

from __future__ import annotations

import csv
import io

import pytest

from service.clock import now
from tests.service.web.admin.conftest import Browser, text_of
from tests.service.web.conftest import event


@pytest.fixture
def month(browser: Browser) -> str:
    """Return the month in which two codes of one booking were made."""
    connection = browser.api.ready()
    browser.api.send(connection, event())
    browser.api.env.work()
    return f"{now():%Y-%m}"


def rows(browser: Browser, query: str = "") -> list[list[str]]:
    answer = browser.client.get(f"/usage.csv{query}")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    return list(csv.reader(io.StringIO(answer.text)))


def test_codes_are_counted_by_connection_and_resource(
    browser: Browser, month: str
) -> None:
    made = len(browser.api.get("/api/accesses")["items"])
    head, row = rows(browser)
    assert head == ["month", "connection", "vendor", "resource", "codes"]
    assert row[0] == month
    assert row[4] == str(made)
    page = browser.open("/usage")
    assert f"Usage: {month}" in text_of(page)
    shown = [cell.get_text() for cell in page.select("table.rows tbody tr")[0]("td")]
    assert shown == row[1:]


def test_another_month_has_none(browser: Browser, month: str) -> None:
    assert rows(browser, "?month=2019-02")[1:] == []
    assert "No code was made in this month." in text_of(
        browser.open("/usage?month=2019-02")
    )
    assert [
        link["href"] for link in browser.open("/usage?month=2019-12").select("a[rel]")
    ] == ["/usage?month=2019-11", "/usage?month=2020-01"]
    assert browser.open(f"/usage?month={month}").select("a[rel=next]") == []


@pytest.mark.parametrize("asked", ["2026-13", "2026", "x", "1999-12-01"])
def test_what_is_no_month_is_refused(browser: Browser, asked: str) -> None:
    assert browser.client.get(f"/usage?month={asked}").status_code == 400


def test_name_is_no_formula_of_a_spreadsheet(browser: Browser) -> None:
    connection = browser.api.ready()
    path = f"/api/connections/{connection['id']}"
    browser.api.call("PATCH", path, json={"name": "=1+1"})
    browser.api.send(connection, event())
    browser.api.env.work()
    assert rows(browser)[1][1] == "'=1+1"


def test_file_needs_a_session(visitor: Browser) -> None:
    assert visitor.client.get("/usage.csv").status_code == 303
