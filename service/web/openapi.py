"""Endpoints, each declared once; routes and the OpenAPI document follow from that.

Invariants: an endpoint takes and returns pydantic models, so the document shows what is
checked. A handler gets the service, the names in its path and the models it declared;
it returns a model, or raises an error that `validation.problem_of` knows. Every error
of every call is the same problem.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from types import NoneType
from typing import Any, Final, Literal, TypeVar, get_type_hints

from flask import Blueprint, Response, current_app, request
from pydantic import BaseModel, Field
from pydantic.json_schema import GenerateJsonSchema, models_json_schema
from werkzeug.routing import PathConverter

from service.app import Service
from service.web.validation import SUFFIX, component_name, read, read_query

Handler = Callable[..., object]  # each has arguments of its own
Json = dict[str, Any]  # a JSON object
Mode = Literal["validation", "serialization"]

Declared = TypeVar("Declared", bound="Handler")
EXTENSION: Final = "strikeplate"
SILENT: Final = ("credentials",)
"""Values within these fields are secrets: no answer repeats them."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One call of the API; `path` has the syntax of Flask."""

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
    """Collects the endpoints of one module."""

    def __init__(self) -> None:
        self.all: list[Endpoint] = []

    def add(
        self,
        method: str,
        path: str,
        *,
        gives: type[BaseModel] | None = None,
        status: HTTPStatus | None = None,
    ) -> Callable[[Declared], Declared]:
        """Declare the decorated function as the call's handler.

        Its docstring's first line is the call's summary, the types of its `body` and
        `query` are what it takes, and the type that it returns is what the call
        `gives`, unless another is named. Without another `status` the answer is 200,
        or 204 where the call gives nothing.
        """

        def declare(handler: Declared) -> Declared:
            types = get_type_hints(handler)
            shown = gives or (None if types["return"] is NoneType else types["return"])
            plain = HTTPStatus.OK if shown else HTTPStatus.NO_CONTENT
            summary = (handler.__doc__ or "").strip().split("\n")[0]
            call = (method, path, handler.__name__, summary, handler)
            taken = (types.get("body"), types.get("query"))
            self.all.append(Endpoint(*call, *taken, shown, status or plain))
            return handler

        return declare


class AnyId(PathConverter):
    """An id of any form in a path; `path` alone takes none that begins with a slash."""

    regex = ".+?"
    part_isolating = False


def mount(blueprint: Blueprint, endpoint: Endpoint) -> None:
    """Register the endpoint's handler with the blueprint."""

    def view(**names: str) -> Response:
        models: dict[str, Any] = {}  # of the types that it declared
        if endpoint.takes:
            sent = request.get_data()
            models["body"] = read(endpoint.takes, sent, silent=SILENT)
        if endpoint.query:
            models["query"] = read_query(endpoint.query, request.args)
        answer = endpoint.handler(the_service(), **names, **models)
        body = answer.model_dump_json() if isinstance(answer, BaseModel) else None
        kind = "application/json" if body else None
        return Response(body, status=endpoint.status, content_type=kind)

    blueprint.add_url_rule(
        endpoint.path, endpoint.name, view, methods=[endpoint.method]
    )


def the_service() -> Service:
    """Return the service of the current app."""
    service: Service = current_app.extensions[EXTENSION]
    return service


REFERENCE: Final = "#/components/schemas/{model}"
NAME_IN_PATH: Final = re.compile(r"<(?:\w+:)?(\w+)>")


class FieldProblem(BaseModel):
    """One wrong field, and what would be right."""

    field: str
    fix: str
    value: str | None = None


class ProblemDetails(BaseModel):
    """A problem as RFC 9457 has it, with the wrong fields by name."""

    type: str = Field(examples=["about:blank"])
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] | None = None


LISTS: Final = re.compile(r"(?:List|Page)Of_(\w+)_")
"""What pydantic calls a list of models of one kind."""


class _PlainNames(GenerateJsonSchema):
    """Names the components without the suffix that tells classes apart in Python."""

    def normalize_name(self, name: str) -> str:
        """Return the component's name."""
        plain = super().normalize_name(name)
        listed = LISTS.fullmatch(plain)
        own = f"{listed[1].removesuffix(SUFFIX)}List" if listed else plain
        return own.removesuffix(SUFFIX)


def document(endpoints: Iterable[Endpoint], *, open_to_all: Iterable[str]) -> Json:
    """Return the document; calls named in `open_to_all` need no token."""
    known = list(endpoints)
    schemas = _schemas(known)
    paths: Json = {}
    for endpoint in known:
        path = NAME_IN_PATH.sub(r"{\1}", endpoint.path)
        operation = _operation(endpoint, schemas)
        if endpoint.name in set(open_to_all):
            operation["security"] = []
        paths.setdefault(path, {})[endpoint.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "Strikeplate reference integration", "version": "1"},
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas["models"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _schemas(endpoints: Iterable[Endpoint]) -> Json:
    asked = {each.query for each in endpoints if each.query}
    taken = {each.takes for each in endpoints if each.takes} | asked
    given = {each.gives for each in endpoints if each.gives} | {ProblemDetails}
    wanted: list[tuple[type[BaseModel], Mode]] = []
    wanted += [(model, "validation") for model in sorted(taken, key=component_name)]
    wanted += [(model, "serialization") for model in sorted(given, key=component_name)]
    refs, definitions = models_json_schema(
        wanted, ref_template=REFERENCE, schema_generator=_PlainNames
    )
    models = definitions["$defs"]
    queries = {
        model: models.pop(component_name(model))["properties"] for model in asked
    }
    return {"refs": refs, "models": models, "queries": queries}


def _operation(endpoint: Endpoint, schemas: Json) -> Json:
    names = NAME_IN_PATH.findall(endpoint.path)
    operation: Json = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "parameters": [_in_path(name) for name in names] + _in_query(endpoint, schemas),
        "responses": _responses(endpoint.status, endpoint, schemas),
    }
    if endpoint.takes:
        schema = schemas["refs"][endpoint.takes, "validation"]
        content = {"application/json": {"schema": schema}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _in_path(name: str) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _in_query(endpoint: Endpoint, schemas: Json) -> list[Json]:
    fields = schemas["queries"][endpoint.query] if endpoint.query else {}
    return [{"name": name, "in": "query", "schema": fields[name]} for name in fields]


def _responses(status: HTTPStatus, endpoint: Endpoint, schemas: Json) -> Json:
    good: Json = {"description": status.phrase}
    if endpoint.gives:
        schema = schemas["refs"][endpoint.gives, "serialization"]
        good["content"] = {"application/json": {"schema": schema}}
    schema = schemas["refs"][ProblemDetails, "serialization"]
    bad = {
        "description": "A problem",
        "content": {"application/problem+json": {"schema": schema}},
    }
    return {str(status.value): good, "default": bad}
