"""Accesses: every code that was made or is to be made, and codes by hand."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from service.clock import now
from service.domain.access import Status
from service.domain.booking import ref_of
from service.store import accesses, locks
from service.use_cases import manual_code
from service.web.api.shared import ConnectionQuery, access_of, lock_of, named
from service.web.endpoint import Endpoints
from service.web.fields import Instant, Shape, ShortText

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from service.bootstrap import Service
    from service.store.accesses import Access
    from service.store.locks import Lock

endpoints = Endpoints()


class AccessQuery(ConnectionQuery):
    """Which accesses, the newest first."""

    booking: str | None = None
    membership: str | None = None
    lock: str | None = None
    status: Status | None = None
    active: bool | None = None

    @property
    def ref(self) -> str | None:
        """Return the ref of the booking or membership that is asked for."""
        return ref_of(self.membership) if self.membership else self.booking


class NewAccess(Shape):
    """A code to make by hand; `end` is left out for kinds without one."""

    lock: ShortText
    kind: ShortText
    start: Instant
    end: Instant | None = None
    name: ShortText


class LockName(Shape):
    """A lock by id and name."""

    id: str
    name: str


class AccessSchema(Shape):
    """An access (CON-09), by booking, by membership of a community, or by hand.

    `extra_locks` are further locks that the same code opens, `options` further ways in.
    `active` means that it is what its booking asks for and may open the door now or
    later. `valid_from` to `valid_until` is the vendor's window. `works_until` and
    `notice` tell of a code that outlives its booking (IGL-08).
    """

    id: str
    connection: str
    booking: str | None
    membership: str | None
    resource: str | None
    community: str | None
    lock: LockName
    extra_locks: list[LockName]
    options: list[str]
    status: Status
    reason: str | None
    next_try_at: Instant | None
    kind: str | None
    valid_from: Instant | None
    valid_until: Instant | None
    first_use_by: Instant | None
    pin: str | None
    link: str | None
    vendor_place: str | None
    ordered_at: Instant
    created_at: Instant | None
    active: bool
    revocable: bool
    cancelled_at: Instant | None
    works_until: Instant | None
    notice: str | None
    by_hand: bool
    name: str


class AccessList(Shape):
    """A page of accesses; `next_cursor` is null on the last."""

    items: list[AccessSchema]
    next_cursor: str | None


@endpoints.add("GET", "/api/accesses", query=AccessQuery, gives=AccessList)
def list_accesses(service: Service, query: AccessQuery) -> AccessList:
    """List accesses, those of the past too, the newest first (CON-08)."""
    wanted = accesses.AccessFilter(
        connection_id=query.connection,
        booking_ref=query.ref,
        lock_id=query.lock,
        status=query.status,
        active=query.active,
    )
    found = service.deps.store.read(
        lambda tx: accesses.page(tx, wanted, now(), query.cursor, query.limit + 1)
    )
    rows = found[: query.limit]
    more = rows[-1].id if len(found) > len(rows) else None
    return AccessList(items=to_schemas(service, rows), next_cursor=more)


@endpoints.add("GET", "/api/accesses/<access>", gives=AccessSchema)
def show_access(service: Service, access: str) -> AccessSchema:
    """Show an access."""
    return _one(service, access_of(service, access))


@endpoints.add(
    "POST",
    "/api/accesses",
    takes=NewAccess,
    gives=AccessSchema,
    status=HTTPStatus.CREATED,
)
def make_access(service: Service, body: NewAccess) -> AccessSchema:
    """Order a code by hand; it is in progress until the vendor made it (IGL-09)."""
    request = manual_code.ManualCodeRequest(body.kind, body.start, body.end, body.name)
    lock = lock_of(service, body.lock)
    access = manual_code.order(service.deps, lock, request, now())
    service.wake()
    return _one(service, access)


@endpoints.add("DELETE", "/api/accesses/<access>", gives=AccessSchema)
def remove_access(service: Service, access: str) -> AccessSchema:
    """Take an access away; one that cannot be is a conflict that says until when."""
    found = access_of(service, access)
    ended = manual_code.take_away(service.deps, found.id, now())
    service.wake()
    return _one(service, ended)


def to_schemas(service: Service, found: Sequence[Access]) -> list[AccessSchema]:
    """Return the accesses as the API shows them, PINs and all."""
    lock_ids = {lock for access in found for lock in access.lock_ids}
    locks_by_id = service.deps.store.read(lambda tx: locks.by_ids(tx, lock_ids))
    return [_to_schema(service, access, locks_by_id) for access in found]


def _one(service: Service, access: Access) -> AccessSchema:
    return to_schemas(service, [access])[0]


def _to_schema(
    service: Service, access: Access, locks_by_id: Mapping[str, Lock]
) -> AccessSchema:
    vault, sealed = service.deps.store.vault, access.sealed_pin
    owner = named(access.booking_ref)
    first, *extra_locks = (
        LockName(id=lock, name=locks_by_id[lock].name) for lock in access.lock_ids
    )
    return AccessSchema(
        id=access.id,
        connection=access.connection_id,
        **owner,
        resource=None if owner["membership"] else access.resource,
        community=access.resource if owner["membership"] else None,
        lock=first,
        extra_locks=extra_locks,
        options=access.options,
        status=Status(access.status),
        reason=access.reason,
        next_try_at=access.next_try_at,
        kind=access.kind,
        valid_from=access.valid_from,
        valid_until=access.valid_until,
        first_use_by=access.first_use_by,
        pin=vault.open(sealed).reveal() if sealed and access.created_at else None,
        link=access.link,
        vendor_place=access.vendor_place,
        ordered_at=access.ordered_at,
        created_at=access.created_at,
        active=access.active(now()),
        revocable=service.deps.vendors[access.vendor].revocation is not None,
        cancelled_at=access.cancelled_at,
        works_until=access.works_until,
        notice=access.notice,
        by_hand=access.by_hand,
        name=access.name,
    )
