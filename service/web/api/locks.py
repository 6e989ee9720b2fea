"""Locks: the devices to choose from, and the page of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.clock import now
from service.ports import VendorError
from service.store import accesses, locks
from service.use_cases.refresh import refresh
from service.web.api.accesses import AccessSchema, to_schemas
from service.web.api.shared import connection_of, lock_of
from service.web.endpoint import Endpoints
from service.web.fields import Shape, Zone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from service.bootstrap import Service
    from service.store.locks import Lock

endpoints = Endpoints()


class LockChange(Shape):
    """What to change."""

    timezone: Zone


class LockSchema(Shape):
    """A device, and whether codes can be made for it."""

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


class LockList(Shape):
    """A connection's devices."""

    items: list[LockSchema]


class LockPage(LockSchema):
    """A lock with its codes, the newest first, and its master code (IGL-09).

    `master_code` is null where the vendor shows none; `master_code_reason` then says
    why, if it was asked and did not answer.
    """

    accesses: list[AccessSchema]
    master_code: str | None
    master_code_reason: str | None


@endpoints.add("GET", "/api/connections/<connection>/locks", gives=LockList)
def list_locks(service: Service, connection: str) -> LockList:
    """List a connection's locks as they are known."""
    found = connection_of(service, connection)
    return _listed(
        service.deps.store.read(lambda tx: locks.of_connection(tx, found.id))
    )


@endpoints.add("POST", "/api/connections/<connection>/locks/refresh", gives=LockList)
def refresh_locks(service: Service, connection: str) -> LockList:
    """Read a connection's locks from the vendor again."""
    found = connection_of(service, connection)
    return _listed(refresh(service.deps, found, now()))


@endpoints.add("GET", "/api/locks/<lock>", gives=LockPage)
def show_lock(service: Service, lock: str) -> LockPage:
    """Show a lock, its codes and its master code."""
    found = lock_of(service, lock)
    made = service.deps.store.read(lambda tx: accesses.of_lock(tx, found.id))
    code, reason = _master_code(service, found)
    return LockPage(
        **_to_schema(found).model_dump(),
        accesses=to_schemas(service, made),
        master_code=code,
        master_code_reason=reason,
    )


@endpoints.add("PATCH", "/api/locks/<lock>", takes=LockChange, gives=LockSchema)
def change_lock(service: Service, lock: str, body: LockChange) -> LockSchema:
    """Say in which time zone a lock hangs."""
    found = lock_of(service, lock)
    store = service.deps.store
    store.write(lambda tx: locks.change(tx, found.id, timezone=body.timezone))
    return _to_schema(lock_of(service, lock))


def _master_code(service: Service, lock: Lock) -> tuple[str | None, str | None]:
    connection = connection_of(service, lock.connection_id)
    credentials = service.deps.store.vault.open_all(connection.sealed_credentials)
    master_codes = service.deps.vendors[connection.vendor].master_codes
    if master_codes is None:
        return None, None
    try:
        code = master_codes.master_code(credentials, lock.vendor_id)
    except VendorError as error:
        return None, error.reason
    return (code.reveal() if code else None), None


def _listed(found: Iterable[Lock]) -> LockList:
    return LockList(items=[_to_schema(lock) for lock in found])


def _to_schema(lock: Lock) -> LockSchema:
    return LockSchema(
        id=lock.id,
        connection=lock.connection_id,
        vendor_id=lock.vendor_id,
        name=lock.name,
        kind=lock.kind,
        timezone=lock.timezone,
        usable=lock.usable,
        unusable_reason=lock.unusable_reason,
        warning=lock.warning,
        battery=lock.battery,
    )
