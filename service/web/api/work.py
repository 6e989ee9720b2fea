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


class WorkGiven(Shape):
    """Pieces of work that are due, that are under way, and when the next comes due."""

    due: int
    in_flight: int
    next_at: Instant | None


@endpoints.add("GET", "/api/work", query=WorkQuery, gives=WorkGiven)
def show_work(service: Service, query: WorkQuery) -> WorkGiven:
    """Show how much work there is in this store."""
    figures = service.figures(query.connection)
    return WorkGiven(
        due=figures.due, in_flight=figures.in_flight, next_at=figures.next_at
    )
