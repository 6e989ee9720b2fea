"""What API handlers share: queries, look-ups, and the responses made from records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any, Final, Generic, TypeVar

from pydantic import Field

from service.app import Service
from service.clock import now
from service.domain.access import Status
from service.domain.booking import membership_of, ref_of
from service.store import accesses, bookings, connections, locks, rules
from service.store.accesses import Access
from service.store.audit import Action, Entry
from service.store.bookings import StoredBooking, StoredEvent
from service.store.database import Tx
from service.store.locks import Lock
from service.store.messages import Message
from service.web.caller import may_see
from service.web.validation import Instant, Problem, Shape, component_name

MOST_ROWS: Final = 200

Record = TypeVar("Record")
Model = TypeVar("Model", bound=Shape)
Item = TypeVar("Item", bound=Shape)


class PageQuery(Shape):
    """Which page of a list; `cursor` is the `next_cursor` of the page before."""

    cursor: str | None = None
    limit: int = Field(default=50, ge=1, le=MOST_ROWS)


class ListOf(Shape, Generic[Item]):
    """All of a kind."""

    items: list[Item]

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:  # types
        """Return the name in the OpenAPI document: `LockList` of `LockSchema`."""
        return f"{component_name(params[0])}List"


class PageOf(ListOf[Item], Generic[Item]):
    """A page of a list; `next_cursor` is null on the last."""

    next_cursor: str | None


class ConnectionQuery(PageQuery):
    """A page of the records of one connection, or of all."""

    connection: str | None = None


class BookingQuery(ConnectionQuery):
    """A page of the records of one booking or membership, or of all."""

    booking: str | None = None
    membership: str | None = None

    @property
    def ref(self) -> str | None:
        """Return the ref of the booking or membership that is asked for."""
        return ref_of(self.membership) if self.membership else self.booking


Listed = TypeVar("Listed", Access, Message, StoredEvent, Entry)


def page_of(
    service: Service,
    query: PageQuery,
    find: Callable[[Tx, str | None, int], list[Listed]],
) -> tuple[list[Listed], str | None]:
    """Return the records of the page, and the cursor of the next, None on the last.

    `find` returns so many records before a cursor, the newest first.
    """
    found = service.deps.store.read(lambda tx: find(tx, query.cursor, query.limit + 1))
    rows = found[: query.limit]
    return rows, rows[-1].id if len(found) > len(rows) else None


def shown(model: type[Model], record: object, **others: object) -> Model:
    """Return the response; its fields are `others`, else the record's of that name."""
    names = model.model_fields.keys() - others.keys()
    own = {name: getattr(record, name) for name in names if hasattr(record, name)}
    return model(**own, **others)


def none_such(what: str, name: str) -> Problem:
    """Return the problem 404 for a record."""
    return Problem(HTTPStatus.NOT_FOUND, f"there is no {what} {name!r}")


def _found(
    what: str, find: Callable[[Tx, str], Record | None], service: Service, name: str
) -> Record:
    """Return the record with that id, or raise the problem that there is none."""
    found = service.deps.store.read_one(lambda tx: find(tx, name))
    if found is None:
        raise none_such(what, name)
    return found


connection_of: Final = partial(_found, "connection", connections.by_id)
lock_of: Final = partial(_found, "lock", locks.by_id)
rule_of: Final = partial(_found, "rule", rules.by_id)
access_of: Final = partial(_found, "access", accesses.by_id)
event_of: Final = partial(_found, "event", bookings.event_by_id)
"""Each takes the service and an id, and returns the record."""


class LockName(Shape):
    """A lock by id and name."""

    id: str
    name: str


class AccessSchema(Shape):
    """An access (CON-09), by booking, by membership of a community, or by hand.

    `extra_locks` are further locks that the same code opens, `options` further ways in.
    `active` means that it is what its booking asks for and may open the door now or
    later. `valid_from` to `valid_until` is the vendor's window. `works_until` and
    `notice` tell of a code that outlives its booking (IGL-08). `pin` is null until it
    is made, and to a token without the scope `codes`.
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


class MessageSchema(Shape):
    """A message without its text, which holds the code and is stored nowhere.

    `status` is waiting, sent, withheld or failed; `reader` is customer, owner or
    manager; `kind` is code, overdue, returned, trouble, lock or account. What is told
    of a lock, an account, or the key of a code made by hand has neither booking nor
    membership.
    """

    id: str
    connection: str
    booking: str | None
    membership: str | None
    rule: str
    kind: str
    reader: str
    channel: str
    language: str | None
    recipient: str | None
    accesses: list[str]
    status: str
    reason: str | None
    created_at: Instant
    send_at: Instant
    sent_at: Instant | None
    next_try_at: Instant | None


class CustomerSchema(Shape):
    """Who booked."""

    name: str
    email: str | None
    phone: str | None
    language: str | None


def access_schemas(service: Service, found: Sequence[Access]) -> list[AccessSchema]:
    """Return the accesses as the API shows them; PINs to those who may see codes."""
    lock_ids = {lock for access in found for lock in access.lock_ids}
    locks_by_id = service.deps.store.read(lambda tx: locks.by_ids(tx, lock_ids))
    pins = pins_of(service, found)
    return [
        _access_schema(service, access, locks_by_id, pins.get(access.id))
        for access in found
    ]


def pins_of(service: Service, found: Sequence[Access]) -> dict[str, str]:
    """Return the PINs that are made, by access; none to who may not see codes."""
    vault = service.deps.store.vault
    sealed = {
        each.id: each.sealed_pin
        for each in found
        if each.sealed_pin and each.created_at
    }
    if not may_see(service, Action.CODE_SEEN, sealed):
        return {}
    return {access: vault.open(pin).reveal() for access, pin in sealed.items()}


def _access_schema(
    service: Service,
    access: Access,
    locks_by_id: Mapping[str, Lock],
    pin: str | None,
) -> AccessSchema:
    owner = named(access.booking_ref)
    first, *extra_locks = (
        LockName(id=lock, name=locks_by_id[lock].name) for lock in access.lock_ids
    )
    return shown(
        AccessSchema,
        access,
        connection=access.connection_id,
        **owner,
        resource=None if owner["membership"] else access.resource,
        community=access.resource if owner["membership"] else None,
        lock=first,
        extra_locks=extra_locks,
        status=Status(access.status),
        pin=pin,
        active=access.active(now()),
        revocable=service.deps.vendors[access.vendor].revocation is not None,
    )


def message_schema(message: Message) -> MessageSchema:
    """Return the message as the API shows it."""
    return shown(
        MessageSchema,
        message,
        connection=message.connection_id,
        **named(message.booking_ref),
        rule=message.rule_id,
        accesses=message.access_ids,
        next_try_at=message.due_at if not message.lease else None,
    )


def customer_schema(stored: StoredBooking) -> CustomerSchema:
    """Return who booked, or who belongs to the community."""
    return shown(CustomerSchema, stored.booking.details.customer)


def named(ref: str | None) -> dict[str, str | None]:
    """Return the id of the booking or membership that a ref stands for."""
    membership = membership_of(ref)
    return {"booking": None if membership else ref, "membership": membership}
