"""The table of all 62 operations on 44 paths, and the OpenAPI document made from it.

Invariants: an operation that is not in this table does not exist; the routes are made
from it too. A success is 200 or 204, a read that finds nothing an empty 404, a refused
change a 400 with a reason.
"""

from __future__ import annotations

import re
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from fakes.vendors.exivo.routes import groups, persons, sites, visits
from fakes.vendors.exivo.schemas.responses import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fakes.vendors.exivo.operation import Operation


OPERATIONS = (
    *sites.SITE_OPERATIONS,
    *sites.COMPONENT_OPERATIONS,
    *visits.VISIT_OPERATIONS,
    *visits.KEY_VISIT_OPERATIONS,
    *sites.LOG_OPERATIONS,
    *persons.PERSON_OPERATIONS,
    *persons.MEDIA_OPERATIONS,
    *groups.GROUP_OPERATIONS,
    *groups.PROFILE_OPERATIONS,
)
REF = "#/components/schemas/{model}"
PAGE = {
    "skip": {"type": "integer", "minimum": 0, "default": 0},
    "limit": {"type": "integer", "minimum": 0, "default": 0},
    "sort": {"type": "string"},
    "sortDir": {"type": "string", "enum": ["asc", "desc"], "default": "asc"},
}
DATES = {name: {"type": "string", "format": "date"} for name in ("from", "to")}
DESCRIPTION = (
    "A site of doors, its visits and its people, as the fake of Strikeplate serves it. "
    "Reading what is not there gives an empty 404; changing it gives 400 with a reason."
)


@cache
def document() -> dict[str, Any]:
    """Return the document (OpenAPI 3.1)."""
    schemas, definitions = TypeAdapter.json_schemas(list(_inputs()), ref_template=REF)
    paths: dict[str, dict[str, Any]] = {}
    for each in OPERATIONS:
        path = paths.setdefault("/{siteId}" + each.path, {})
        path[each.method.lower()] = _operation(each, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "exivo", "version": "1", "description": DESCRIPTION},
        "servers": [{"url": "/exivo/v1"}],
        "security": [{"basicAuth": []}],
        "paths": paths,
        "components": {
            "schemas": definitions["$defs"],
            "securitySchemes": {"basicAuth": {"type": "http", "scheme": "basic"}},
        },
    }


def _inputs() -> Iterator[tuple[str, Any, TypeAdapter[Any]]]:
    """Yield every type that crosses the wire, by what it is for."""
    yield "refusal", "serialization", TypeAdapter(Refusal)
    for each in OPERATIONS:
        if each.body is not None:
            yield f"body {each.name}", "validation", each.reader
        if each.answer is not None:
            answer = list[each.answer] if each.many else each.answer  # type: ignore[name-defined]
            yield f"answer {each.name}", "serialization", TypeAdapter(answer)


def _operation(each: Operation, schemas: Any) -> dict[str, Any]:
    summary = (each.run.__doc__ or "").partition("\n")[0]
    shown = {
        "operationId": each.name,
        "summary": summary,
        "tags": [each.path.split("/")[1]],
        "parameters": _parameters(each),
        "responses": _responses(each, schemas),
    }
    if each.body is not None:
        shown["requestBody"] = {
            "required": each.needs_body,
            "content": _json(schemas[f"body {each.name}", "validation"]),
        }
    return shown


def _parameters(each: Operation) -> list[dict[str, Any]]:
    named = ["siteId", *re.findall(r"{(\w+)}", each.path)]
    query = (PAGE if each.many else {}) | (DATES if each.dated else {})
    text = {"type": "string"}
    return [
        *({"name": n, "in": "path", "required": True, "schema": text} for n in named),
        *({"name": n, "in": "query", "schema": how} for n, how in query.items()),
    ]


def _responses(each: Operation, schemas: Any) -> dict[str, Any]:
    explained = _json(schemas["refusal", "serialization"])
    responses = {
        str(status): {"description": HTTPStatus(status).phrase, "content": explained}
        for status in (400, 401, 403)
    }
    if each.method == "GET" and "{" in each.path:
        responses["404"] = {"description": "There is none of this id."}
    if each.name == "search":
        responses["500"] = {"description": "The look-up failed.", "content": explained}
    if each.answer is None:
        responses["204"] = {"description": "Done, or sent."}
    else:
        answer = _json(schemas[f"answer {each.name}", "serialization"])
        responses["200"] = {"description": "Here it is.", "content": answer}
    return dict(sorted(responses.items()))


def _json(schema: Any) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
