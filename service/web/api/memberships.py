"""Memberships: what became of one, its accesses and what its member was told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.domain.booking import ref_of
from service.store import accesses, bookings, messages
from service.web.api.accesses import AccessSchema, to_schemas
from service.web.api.bookings import CustomerSchema, customer_to_schema
from service.web.api.messages import MessageSchema
from service.web.api.messages import to_schema as message_to_schema
from service.web.api.shared import connection_of, none_such
from service.web.endpoint import Endpoints
from service.web.fields import Instant, Shape

if TYPE_CHECKING:
    from service.bootstrap import Service

endpoints = Endpoints()


class MembershipSchema(Shape):
    """A membership as its events tell it, with all it ever opened.

    After `ended_at` an access that is not removed yet says in its `notice` that it
    still opens the door.
    """

    connection: str
    id: str
    community: str
    member: CustomerSchema
    since: Instant
    ended_at: Instant | None
    accesses: list[AccessSchema]
    messages: list[MessageSchema]


@endpoints.add(
    "GET",
    "/api/connections/<connection>/memberships/<path:membership>",
    gives=MembershipSchema,
)
def show_membership(
    service: Service, connection: str, membership: str
) -> MembershipSchema:
    """Show a membership with its accesses and messages (EXV-02)."""
    of = connection_of(service, connection).id, ref_of(membership)
    stored, held, planned = service.deps.store.read(
        lambda tx: (
            bookings.find(tx, *of),
            accesses.of_booking(tx, *of),
            messages.of_booking(tx, *of),
        )
    )
    if stored is None:
        raise none_such("membership", membership)
    return MembershipSchema(
        connection=connection,
        id=membership,
        community=stored.resource,
        member=customer_to_schema(stored),
        since=stored.start_at,
        ended_at=stored.cancelled_at,
        accesses=to_schemas(service, held),
        messages=[message_to_schema(each) for each in planned],
    )
