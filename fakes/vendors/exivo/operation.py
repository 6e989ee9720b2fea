"""The rows of the interface's table, and which rows of a list are answered.

Invariants: a read ends in found, an empty 404, or a refusal before it began. A change
ends in done (200 with the object, or 204) or in 400 with a reason. Which of them an
unknown id leads to depends on the method alone. A limit of 0 is none. Without `sort`
rows keep their order, which `sortDir=desc` reverses; only the access log has an order
of its own then, whatever `sortDir` says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from pydantic import TypeAdapter
from pydantic.alias_generators import to_snake

from fakes.doors.lockclock import zone
from fakes.kit.dispatch import note
from fakes.vendors.exivo.errors import Refused, invalid
from fakes.vendors.exivo.state import State, quirk, state_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from fakes.kit.world import World
    from fakes.vendors.exivo.state import Fact


T = TypeVar("T")
MOST_DIGITS = 9
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True)
class Asked:
    """One call: its world, its body as the operation's own type, where links lead."""

    world: World
    body: Any  # by the operation's `body`
    reads: bool
    base: str  # of the mount, no slash at the end

    @property
    def state(self) -> State:
        """The site."""
        return state_of(self.world)

    @property
    def now(self) -> datetime:
        """The instant of the call (aware, UTC)."""
        return self.world.now

    def quirk(self, name: str) -> Any:
        """Return one of the switches."""
        return quirk(self.world, name)

    def find(self, rows: Mapping[str, T], row_id: str, what: str) -> T:
        """Return a row, and note it for the journal; Refused if there is none."""
        note(row_id)
        found = rows.get(row_id)
        if found is None:
            raise Refused(404) if self.reads else invalid(f"no {what} with this id")
        return found


@dataclass(frozen=True)
class Operation:
    """A row of the interface's table."""

    method: str
    path: str  # below the site
    name: str  # by which generated clients call it
    run: Callable[..., Any]  # called with what was asked and the ids of the path
    shape: Callable[[Asked, Any], Any] | None = None  # None: 204, without a body
    body: Any = None  # a type; None: whatever comes is not looked at
    needs_body: bool = True
    many: bool = False  # `run` returns rows, which are answered by the page
    dated: bool = False  # rows can be asked for by date

    @cached_property
    def reader(self) -> TypeAdapter[Any]:
        """What reads the body."""
        return TypeAdapter(self.body)

    @cached_property
    def answer(self) -> Any:
        """The type of one answered row."""
        return get_type_hints(self.shape)["return"] if self.shape else None


Run = Callable[..., Any]


Shape = Callable[[Asked, Any], Any]


def lists(path: str, name: str, run: Run, shape: Shape) -> Operation:
    """Return the operation that answers many rows."""
    return Operation("GET", path, name, run, shape, many=True)


def logs(path: str, name: str, run: Run, shape: Shape) -> Operation:
    """Return the operation that answers the access log."""
    return Operation("GET", path, name, run, shape, many=True, dated=True)


def shows(path: str, name: str, run: Run, shape: Shape) -> Operation:
    """Return the operation that answers one row."""
    return Operation("GET", path, name, run, shape)


def makes(path: str, name: str, run: Run, shape: Shape, body: Any) -> Operation:
    """Return the operation that makes or changes a row and answers it."""
    return Operation("POST", path, name, run, shape, body)


def does(path: str, name: str, run: Run, body: Any = None) -> Operation:
    """Return the operation that does something and says no more than that."""
    return Operation("POST", path, name, run, body=body)


def may(path: str, name: str, run: Run, body: Any) -> Operation:
    """Return the like, of which the body may be left out."""
    return Operation("POST", path, name, run, body=body, needs_body=False)


def drops(path: str, name: str, run: Run) -> Operation:
    """Return the operation that takes something away."""
    return Operation("DELETE", path, name, run)


def select_rows(
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
