"""Which rows of a list are answered: skip, limit, sort, sortDir, and dates of the log.

Invariants: a limit of 0 is none. Without `sort` rows keep their order, which
`sortDir=desc` turns round; the access log alone has an order of its own then, whatever
`sortDir` says.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic.alias_generators import to_snake

from fakes.doors.lockclock import zone
from fakes.vendors.exivo.operation import Asked, Operation, invalid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fakes.vendors.exivo.state import Fact

MOST_DIGITS = 9
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def page(
    asked: Asked, operation: Operation, rows: Sequence[Any], query: Mapping[str, str]
) -> Sequence[Any]:
    """Return the rows that a query asks for; Refused if it makes no sense."""
    if operation.dated:
        rows = _between(asked, rows, query)
    ordered = _sorted(asked, operation, rows, query)
    skip, limit = _number(query, "skip"), _number(query, "limit")
    most = int(asked.quirk("most-rows"))
    size = min(limit or len(ordered), most or len(ordered))
    return ordered[skip : skip + size]


def _sorted(
    asked: Asked, operation: Operation, rows: Sequence[Any], query: Mapping[str, str]
) -> Sequence[Any]:
    name, direction = query.get("sort"), query.get("sortDir", "asc")
    if direction not in {"asc", "desc"}:
        raise invalid("sortDir must be asc or desc")
    if name:
        return sorted(rows, key=_key(rows, name), reverse=direction == "desc")
    if operation.dated:
        return rows[::-1] if asked.quirk("access-log-order") == "newest" else rows
    return rows if direction == "asc" else rows[::-1]


def _key(rows: Sequence[Any], name: str) -> Any:
    field = to_snake(name)
    if rows and field not in vars(rows[0]):
        raise invalid("sort must be the name of a field")

    def key(row: Any) -> tuple[bool, str]:
        value = getattr(row, field)  # instants are all in UTC, so text sorts them
        return value is not None, str(value)

    return key


def _number(query: Mapping[str, str], name: str) -> int:
    text = query.get(name, "0")
    if not (text.isascii() and text.isdigit()) or len(text) > MOST_DIGITS:
        raise invalid(f"{name} must be a whole number, 0 or more")
    return int(text)


def _between(
    asked: Asked, rows: Sequence[Fact], query: Mapping[str, str]
) -> list[Fact]:
    """Return the facts of some days of the site; both ends are in it."""
    here = zone(asked.state.site.timezone)
    first, last = (_date(query, name) for name in ("from", "to"))

    def counts(fact: Fact) -> bool:
        day = fact.occurred_at.astimezone(here).date()
        return (first is None or first <= day) and (last is None or day <= last)

    return [fact for fact in rows if counts(fact)]


def _date(query: Mapping[str, str], name: str) -> date | None:
    text = query.get(name)
    if text is None:
        return None
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise invalid(f"{name} must be a date such as 2026-12-01")
