"""Endpoints: one declaration each, from which routes and the OpenAPI document follow.

Invariants: what an endpoint takes and gives is a pydantic shape, so what is documented
is what is checked. A handler gets the service, the names in its path, and the shapes it
declared; it returns a shape, or raises an error that `problems` knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, current_app, request
from pydantic import BaseModel

from service.web.fields import read, read_query

if TYPE_CHECKING:
    from collections.abc import Callable

    from service.bootstrap import Service

    Handler = Callable[..., object]  # each has arguments of its own

EXTENSION: Final = "strikeplate"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One call of the API; `path` is written as Flask writes it."""

    method: str
    path: str
    name: str
    summary: str
    handler: Handler
    takes: type[BaseModel] | None
    query: type[BaseModel] | None
    gives: type[BaseModel] | None
    status: HTTPStatus


class Endpoints:
    """A part of the API under construction."""

    def __init__(self) -> None:
        self.all: list[Endpoint] = []

    def add(  # noqa: PLR0913 (a declaration says all there is to say)
        self,
        method: str,
        path: str,
        *,
        takes: type[BaseModel] | None = None,
        query: type[BaseModel] | None = None,
        gives: type[BaseModel] | None = None,
        status: HTTPStatus = HTTPStatus.OK,
    ) -> Callable[[Handler], Handler]:
        """Declare the decorated function as the call's handler.

        Its docstring's first line is the call's summary.
        """

        def declare(handler: Handler) -> Handler:
            summary = (handler.__doc__ or "").strip().split("\n")[0]
            name = handler.__name__
            endpoint = Endpoint(
                method, path, name, summary, handler, takes, query, gives, status
            )
            self.all.append(endpoint)
            return handler

        return declare


def mount(blueprint: Blueprint, endpoint: Endpoint) -> None:
    """Answer the endpoint's call by its handler."""

    def view(**names: str) -> Response:
        shapes: dict[str, Any] = {}  # the shapes it declared
        if endpoint.takes:
            shapes["body"] = read(endpoint.takes, request.get_data())
        if endpoint.query:
            shapes["query"] = read_query(endpoint.query, request.args)
        given = endpoint.handler(the_service(), **names, **shapes)
        body = given.model_dump_json() if isinstance(given, BaseModel) else None
        kind = "application/json" if body else None
        return Response(body, status=endpoint.status, content_type=kind)

    blueprint.add_url_rule(
        endpoint.path, endpoint.name, view, methods=[endpoint.method]
    )


def the_service() -> Service:
    """Return the service behind the app that answers now."""
    service: Service = current_app.extensions[EXTENSION]
    return service
