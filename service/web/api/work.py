"""Work: how much there is to do, for those who wait for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.web.endpoint import Endpoints
from service.web.fields import Instant, Shape

if TYPE_CHECKING:
    from service.bootstrap import Service

endpoints = Endpoints()


class WorkQuery(Shape):
    """Whose work; left out, everybody's."""

    connection: str | None = None


class WorkSchema(Shape):
    """Pieces of work that are due, that are under way, and when the next comes due."""

    due: int
    in_flight: int
    next_at: Instant | None


@endpoints.add("GET", "/api/work", query=WorkQuery, gives=WorkSchema)
def show_work(service: Service, query: WorkQuery) -> WorkSchema:
    """Show how much work there is in this store."""
    queue_stats = service.queue_stats(query.connection)
    return WorkSchema(
        due=queue_stats.due,
        in_flight=queue_stats.in_flight,
        next_at=queue_stats.next_at,
    )
