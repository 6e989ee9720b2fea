"""Accesses: every code that was made or is to be made, and codes by hand."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from service.app import Service
from service.clock import now
from service.domain.access import Status
from service.store import overview
from service.store.accesses import Access
from service.store.audit import Action
from service.use_cases import manual_code
from service.web.caller import note
from service.web.openapi import Endpoints
from service.web.read_models import (
    AccessSchema,
    BookingQuery,
    PageOf,
    access_of,
    access_schemas,
    lock_of,
    page_of,
)
from service.web.validation import Instant, Shape, ShortText

endpoints = Endpoints()

ONE: Final = "/api/accesses/<access>"


class AccessQuery(BookingQuery):
    """Which accesses, the newest first.

    `search` is a part of the booking's id, of what is booked, of what is known of the
    customer or, for a code by hand, of its name.
    """

    lock: str | None = None
    status: Status | None = None
    active: bool | None = None
    search: ShortText | None = None


class NewAccess(Shape):
    """A code to make by hand; `end` is left out for kinds without one."""

    lock: ShortText
    kind: ShortText
    start: Instant
    end: Instant | None = None
    name: ShortText


@endpoints.add("GET", "/api/accesses")
def list_accesses(service: Service, query: AccessQuery) -> PageOf[AccessSchema]:
    """List accesses, those of the past too, the newest first (CON-08)."""
    wanted = overview.AccessFilter(
        connection_id=query.connection,
        booking_ref=query.ref,
        lock_id=query.lock,
        status=query.status,
        active=query.active,
        text=query.search,
    )
    rows, more = page_of(
        service,
        query,
        lambda tx, before, limit: overview.page(tx, wanted, now(), before, limit),
    )
    return PageOf[AccessSchema](items=access_schemas(service, rows), next_cursor=more)


@endpoints.add("GET", ONE)
def show_access(service: Service, access: str) -> AccessSchema:
    """Show an access."""
    return _schema_of(service, access_of(service, access))


@endpoints.add("POST", "/api/accesses", status=HTTPStatus.CREATED)
def make_access(service: Service, body: NewAccess) -> AccessSchema:
    """Order a code by hand; it is in progress until the vendor made it (IGL-09)."""
    request = manual_code.ManualCodeRequest(body.kind, body.start, body.end, body.name)
    lock = lock_of(service, body.lock)
    access = manual_code.order(service.deps, lock, request, now())
    note(service, Action.CODE_ORDERED, access.id)
    service.wake()
    return _schema_of(service, access)


@endpoints.add("DELETE", ONE)
def remove_access(service: Service, access: str) -> AccessSchema:
    """Take an access away; one that cannot be is a conflict that says until when."""
    found = access_of(service, access)
    ended = manual_code.take_away(service.deps, found.id, now())
    note(service, Action.CODE_REMOVED, found.id)
    service.wake()
    return _schema_of(service, ended)


@endpoints.add("POST", f"{ONE}/reissue")
def reissue_access(service: Service, access: str) -> None:
    """Have another code made in place of this one, which ends (after a leak)."""
    found = access_of(service, access)
    manual_code.reissue(service.deps, found.id, now())
    note(service, Action.CODE_REISSUED, found.id)
    service.wake()


def _schema_of(service: Service, access: Access) -> AccessSchema:
    return access_schemas(service, [access])[0]
