"""What several parts of the API have in common: looking up, and lists in pages."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final, TypeVar

from pydantic import Field

from service.store import accesses, connections, events, locks, rules
from service.web.validation import Problem, Shape

if TYPE_CHECKING:
    from collections.abc import Callable

    from service.app import Service
    from service.store.accesses import Access
    from service.store.connections import Connection
    from service.store.database import Tx
    from service.store.events import StoredEvent
    from service.store.locks import Lock
    from service.store.rules import StoredRule

MOST_ROWS: Final = 200

Record = TypeVar("Record")


class PageQuery(Shape):
    """Which page of a list; `cursor` is the `next_cursor` of the page before."""

    cursor: str | None = None
    limit: int = Field(default=50, ge=1, le=MOST_ROWS)


class ConnectionQuery(PageQuery):
    """A page of what belongs to one connection, or to all."""

    connection: str | None = None


def connection_of(service: Service, connection_id: str) -> Connection:
    """Return the connection, or the problem that there is none."""
    return _found(service, "connection", connection_id, connections.by_id)


def lock_of(service: Service, lock_id: str) -> Lock:
    """Return the lock, or the problem that there is none."""
    return _found(service, "lock", lock_id, locks.by_id)


def rule_of(service: Service, rule_id: str) -> StoredRule:
    """Return the rule, or the problem that there is none."""
    return _found(service, "rule", rule_id, rules.by_id)


def access_of(service: Service, access_id: str) -> Access:
    """Return the access, or the problem that there is none."""
    return _found(service, "access", access_id, accesses.by_id)


def event_of(service: Service, event_id: str) -> StoredEvent:
    """Return the event, or the problem that there is none."""
    return _found(service, "event", event_id, events.by_id)


def none_such(what: str, name: str) -> Problem:
    """Return the problem that there is no such thing."""
    return Problem(HTTPStatus.NOT_FOUND, f"there is no {what} {name!r}")


def _found(
    service: Service, what: str, name: str, find: Callable[[Tx, str], Record | None]
) -> Record:
    found = service.deps.store.read_one(lambda tx: find(tx, name))
    if found is None:
        raise none_such(what, name)
    return found
