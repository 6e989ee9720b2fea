"""Keys: where each is, which booking has it, and what is late (LIV-07)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.clock import now
from service.domain.keys import KeyPlace, place
from service.store import accesses, keys, locks
from service.use_cases.track_keys import return_due_of
from service.web.api.accesses import LockName
from service.web.api.shared import connection_of, lock_of, none_such
from service.web.endpoint import Endpoints
from service.web.fields import Instant, Shape

if TYPE_CHECKING:
    from service.bootstrap import Service
    from service.store.connections import Connection
    from service.store.database import Tx
    from service.store.keys import StoredKey

endpoints = Endpoints()


class KeyReturn(Shape):
    """When a key was last given back, and by which booking, where that is known."""

    at: Instant
    booking: str | None


class KeySchema(Shape):
    """A key as it was last seen.

    `state` is in slot, out, overdue or unknown, `since` when it came to be so, where
    that is told. `booking` and `access` have the key; it is due at `back_at` and
    overdue from `overdue_at` on. With `free_for_cleaning` the key was given back and
    is in its slot (LIV-06). `warning` says why it may be otherwise, `reason` why the
    last look failed, `seen_at` when it was last seen.
    """

    lock: LockName
    connection: str
    state: KeyPlace
    slot: int | None
    since: Instant | None
    booking: str | None
    access: str | None
    back_at: Instant | None
    overdue_at: Instant | None
    last_return: KeyReturn | None
    free_for_cleaning: bool
    return_code: str | None
    warning: str | None
    reason: str | None
    seen_at: Instant | None


class KeyList(Shape):
    """A connection's keys."""

    items: list[KeySchema]


@endpoints.add("GET", "/api/connections/<connection>/keys", gives=KeyList)
def list_keys(service: Service, connection: str) -> KeyList:
    """List where a connection's keys are, as they were last seen."""
    return _listed(service, connection_of(service, connection))


@endpoints.add("POST", "/api/connections/<connection>/keys/look", gives=KeyList)
def poll_keys(service: Service, connection: str) -> KeyList:
    """Have all keys of a connection looked at now; the answer may still be older."""
    found = connection_of(service, connection)
    store = service.deps.store
    store.write(lambda tx: keys.poll_now(tx, found.id, None, now()))
    service.wake()
    return _listed(service, found)


@endpoints.add("GET", "/api/keys/<lock>", gives=KeySchema)
def show_key(service: Service, lock: str) -> KeySchema:
    """Show where the key is that a lock stands for."""
    found = lock_of(service, lock)

    def read(tx: Tx) -> KeySchema | None:
        stored = keys.find(tx, found.id)
        return _to_schema(tx, stored) if stored else None

    to_schema = service.deps.store.read(read)
    if to_schema is None:
        raise none_such("key", lock)
    return to_schema


def _listed(service: Service, connection: Connection) -> KeyList:
    def read(tx: Tx) -> list[KeySchema]:
        return [_to_schema(tx, each) for each in keys.of_connection(tx, connection.id)]

    return KeyList(items=service.deps.store.read(read))


def _to_schema(tx: Tx, stored: StoredKey) -> KeySchema:
    lock = locks.get(tx, stored.id)
    due_back = return_due_of(tx, stored.holder)
    overdue_at = due_back.overdue_at if due_back else None
    sealed = lock.sealed_return_code
    return KeySchema(
        lock=LockName(id=lock.id, name=lock.name),
        connection=stored.connection_id,
        state=place(stored.key, overdue_at, now()),
        slot=stored.slot,
        since=stored.since,
        booking=stored.booking_ref,
        access=stored.holder,
        back_at=due_back.back_at if due_back else None,
        overdue_at=overdue_at,
        last_return=_last_return(tx, stored),
        free_for_cleaning=bool(stored.inside and stored.returned_at),
        return_code=tx.vault.open(sealed).reveal() if sealed else None,
        warning=stored.warning,
        reason=stored.reason,
        seen_at=stored.seen_at,
    )


def _last_return(tx: Tx, stored: StoredKey) -> KeyReturn | None:
    if stored.returned_at is None:
        return None
    by = accesses.by_id(tx, stored.returned_by) if stored.returned_by else None
    return KeyReturn(at=stored.returned_at, booking=by.booking_ref if by else None)
