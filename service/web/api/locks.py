"""Locks to choose from, the page of each, and the keys among them (LIV-07)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from service.app import Service
from service.clock import now
from service.domain.keys import KeyPlace, place
from service.ports import VendorError
from service.store import accesses, keys, locks
from service.store.audit import Action
from service.store.connections import Connection
from service.store.database import Tx
from service.store.keys import StoredKey
from service.store.locks import Lock
from service.use_cases.connections import refresh
from service.use_cases.track_keys import return_due_of
from service.use_cases.watch_locks import look_at_codes
from service.web.caller import may_see
from service.web.openapi import Endpoints
from service.web.read_models import (
    AccessSchema,
    ListOf,
    LockName,
    access_schemas,
    connection_of,
    lock_of,
    none_such,
    shown,
)
from service.web.validation import Instant, Shape, Zone

endpoints = Endpoints()


class LockChange(Shape):
    """What to change."""

    timezone: Zone


class LockSchema(Shape):
    """A device, whether codes can be made for it, and what was wrong with it."""

    id: str
    connection: str
    vendor_id: str
    name: str
    kind: str
    timezone: str
    usable: bool
    unusable_reason: str | None
    warning: str | None
    battery: int | None
    troubles: list[str]


class LockPage(LockSchema):
    """A lock with its codes, the newest first, and its master code (IGL-09).

    `master_code` is null where the vendor shows none; `master_code_reason` then says
    why, if it was asked and did not answer.
    """

    accesses: list[AccessSchema]
    master_code: str | None
    master_code_reason: str | None


@endpoints.add("GET", "/api/connections/<connection>/locks")
def list_locks(service: Service, connection: str) -> ListOf[LockSchema]:
    """List a connection's locks as they are known."""
    found = connection_of(service, connection)
    return _lock_list(
        service.deps.store.read(lambda tx: locks.of_connection(tx, found.id))
    )


@endpoints.add("POST", "/api/connections/<connection>/locks/refresh")
def refresh_locks(service: Service, connection: str) -> ListOf[LockSchema]:
    """Read a connection's locks from the vendor again."""
    found = connection_of(service, connection)
    with service.vendor_calls.slot(found.id):
        return _lock_list(refresh(service.deps, found, now()))


@endpoints.add("GET", "/api/locks/<lock>")
def show_lock(service: Service, lock: str) -> LockPage:
    """Show a lock, its codes and its master code."""
    found = lock_of(service, lock)
    made = service.deps.store.read(lambda tx: accesses.of_lock(tx, found.id))
    code, reason = master_code_of(service, found)
    return LockPage(
        **lock_schema(found).model_dump(),
        accesses=access_schemas(service, made),
        master_code=code,
        master_code_reason=reason,
    )


@endpoints.add("PATCH", "/api/locks/<lock>")
def change_lock(service: Service, lock: str, body: LockChange) -> LockSchema:
    """Set the time zone of a lock."""
    found = lock_of(service, lock)

    def store(tx: Tx) -> None:
        locks.change(tx, found.id, timezone=body.timezone)
        look_at_codes(tx, found.id, now())

    service.deps.store.write(store)
    service.wake()
    return lock_schema(lock_of(service, lock))


def master_code_of(service: Service, lock: Lock) -> tuple[str | None, str | None]:
    """Return the lock's master code, and why there is none though it was asked for."""
    connection = connection_of(service, lock.connection_id)
    credentials = service.deps.store.vault.open_all(connection.sealed_credentials)
    master_codes = service.deps.vendors[connection.vendor].master_codes
    if master_codes is None:
        return None, None
    if not may_see(service, Action.MASTER_CODE_SEEN, [lock.id]):
        return None, "the token lacks the scope 'codes'"
    try:
        with service.vendor_calls.slot(connection.id):
            code = master_codes.master_code(credentials, lock.vendor_id)
    except VendorError as error:
        return None, error.reason
    return (code.reveal() if code else None), None


def _lock_list(found: Iterable[Lock]) -> ListOf[LockSchema]:
    return ListOf[LockSchema](items=[lock_schema(lock) for lock in found])


def lock_schema(lock: Lock) -> LockSchema:
    """Return the lock as the API shows it."""
    return shown(LockSchema, lock, connection=lock.connection_id)


class KeyReturn(Shape):
    """When a key was last returned, and by which booking, if known."""

    at: Instant
    booking: str | None


class KeySchema(Shape):
    """A key as the last poll showed it.

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


@endpoints.add("GET", "/api/connections/<connection>/keys")
def list_keys(service: Service, connection: str) -> ListOf[KeySchema]:
    """List a connection's keys and where each was at the last poll."""
    return _key_list(service, connection_of(service, connection))


@endpoints.add("POST", "/api/connections/<connection>/keys/look")
def poll_keys(service: Service, connection: str) -> ListOf[KeySchema]:
    """Poll all keys of a connection now; this answer may still be the older one."""
    found = connection_of(service, connection)
    store = service.deps.store
    store.write(lambda tx: keys.poll_now(tx, found.id, None, now()))
    service.wake()
    return _key_list(service, found)


@endpoints.add("GET", "/api/keys/<lock>")
def show_key(service: Service, lock: str) -> KeySchema:
    """Show the key of a lock, and where it is."""
    found = lock_of(service, lock)
    stored = service.deps.store.read(lambda tx: keys.find(tx, found.id))
    if stored is None:
        raise none_such("key", lock)
    return _key_schemas(service, [found], [stored])[0]


def _key_list(service: Service, connection: Connection) -> ListOf[KeySchema]:
    of = connection.id
    known, found = service.deps.store.read(
        lambda tx: (locks.of_connection(tx, of), keys.of_connection(tx, of))
    )
    return ListOf[KeySchema](items=_key_schemas(service, known, found))


def _key_schemas(
    service: Service, known: Iterable[Lock], found: Iterable[StoredKey]
) -> list[KeySchema]:
    """Return the keys of these locks, with return codes for who may see codes."""
    having = frozenset(lock.id for lock in known if lock.sealed_return_code)
    show = having if may_see(service, Action.RETURN_CODE_SEEN, having) else ()
    return service.deps.store.read(
        lambda tx: [_key_schema(tx, each, show=show) for each in found]
    )


def _key_schema(tx: Tx, stored: StoredKey, *, show: Collection[str]) -> KeySchema:
    lock = locks.get(tx, stored.id)
    due_back = return_due_of(tx, stored.holder)
    overdue_at = due_back.overdue_at if due_back else None
    sealed = lock.sealed_return_code
    return shown(
        KeySchema,
        stored,
        lock=shown(LockName, lock),
        connection=stored.connection_id,
        state=place(stored.key, overdue_at, now()),
        booking=stored.booking_ref,
        access=stored.holder,
        back_at=due_back.back_at if due_back else None,
        overdue_at=overdue_at,
        last_return=_last_return(tx, stored),
        free_for_cleaning=bool(stored.inside and stored.returned_at),
        return_code=tx.vault.open(sealed).reveal()
        if sealed and lock.id in show
        else None,
    )


def _last_return(tx: Tx, stored: StoredKey) -> KeyReturn | None:
    if stored.returned_at is None:
        return None
    by = accesses.by_id(tx, stored.returned_by) if stored.returned_by else None
    return KeyReturn(at=stored.returned_at, booking=by.booking_ref if by else None)
