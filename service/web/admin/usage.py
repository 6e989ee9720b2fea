"""Usage: codes that were made in a month, as a table and as CSV for a spreadsheet.

A month is one of UTC. Nothing is billed here: the figures are what an owner can hold
against a vendor's own bill.
"""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Annotated, Final

from flask import Response, request
from pydantic import Field

from service.clock import now
from service.store import overview
from service.web.admin.frame import blueprint, service, show
from service.web.admin.views import brand
from service.web.api import connections as connections_api
from service.web.validation import Shape, read_query

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes a cell that begins so for."""

COLUMNS: Final = ("month", "connection", "vendor", "resource", "codes")
Row = tuple[str, str, str, int]
"""Connection, vendor, resource, codes."""


class MonthQuery(Shape):
    """Which month; the present one if none is given."""

    month: Annotated[str, Field(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")] | None = None


@blueprint.get("/usage")
def show_usage() -> Response:
    """Show the codes of a month by connection and resource."""
    month = _month()
    rows = _rows(month)
    return show(
        "usage.html",
        section="/usage",
        month=f"{month:%Y-%m}",
        earlier=f"{_moved(month, -1):%Y-%m}",
        later=f"{_moved(month, 1):%Y-%m}" if _moved(month, 1) <= now() else None,
        rows=rows,
        codes=sum(row[3] for row in rows),
        keep_days=service().deps.settings.keep_days,
    )


@blueprint.get("/usage.csv")
def download_usage() -> Response:
    """Return the same figures as a file."""
    month = f"{_month():%Y-%m}"
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows((month, *map(_cell, row)) for row in _rows(_month()))
    kept = {"Content-Disposition": f'attachment; filename="codes-{month}.csv"'}
    return Response(text.getvalue(), mimetype="text/csv", headers=kept)


def _cell(value: object) -> object:
    """Return a cell that no spreadsheet runs as a formula."""
    harmful = isinstance(value, str) and value.startswith(FORMULA)
    return f"'{value}" if harmful else value


def _month() -> datetime:
    """Return the beginning of the month that is asked for."""
    asked = read_query(MonthQuery, request.args).month
    year, month = map(int, asked.split("-")) if asked else (now().year, now().month)
    return datetime(year, month, 1, tzinfo=UTC)


def _moved(month: datetime, by: int) -> datetime:
    """Return the beginning of the month so many later."""
    years, index = divmod(month.month - 1 + by, 12)
    return month.replace(year=month.year + years, month=index + 1)


def _rows(month: datetime) -> list[Row]:
    known = {
        each.id: each for each in connections_api.list_connections(service()).items
    }
    until = _moved(month, 1)
    found = service().deps.store.read(lambda tx: overview.counted(tx, month, until))
    owned = ((known[each.connection_id], each) for each in found)
    return sorted(
        (owner.name, brand(owner.vendor), each.resource or "", each.codes)
        for owner, each in owned
    )
