"""The OpenAPI document of the control interface, made from its routes and bodies."""

from __future__ import annotations

import re
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal

from pydantic.json_schema import models_json_schema
from pydantic_core import to_json
from werkzeug import Response

import serving
from fakes.kit.control import CALLS, DOCUMENT, routes

if TYPE_CHECKING:
    from fakes.kit.control import Call

PROBLEM = {
    "description": "A refusal: what was wrong, the value and the fix (RFC 9457).",
    "content": {"application/problem+json": {"schema": {"type": "object"}}},
}
FREE = {"type": "object", "additionalProperties": True}
"""A body whose keys are those of the world: quirks, or a snapshot."""

FREE_BODIES = {"change_quirks", "restore_state"}
VALIDATION: Literal["validation"] = "validation"
REF = "#/components/schemas/{model}"


@routes.get(DOCUMENT)
def show_document() -> Response:
    """Show this document."""
    return Response(_text(), mimetype="application/json")


@cache
def _text() -> bytes:
    """Return the document as it is sent; to write it anew takes milliseconds."""
    return to_json(document())


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document."""
    bodies = [(each.body, VALIDATION) for each in CALLS if each.body]
    refs, schemas = models_json_schema(bodies, ref_template=REF)
    paths: dict[str, dict[str, Any]] = {}
    for each in CALLS:
        path = re.sub(r"<(\w+)>", r"{\1}", f"/_sim{each.path}")
        schema = refs[each.body, VALIDATION] if each.body else None
        paths.setdefault(path, {})[each.method.lower()] = _operation(each, schema)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Strikeplate fakes: control interface",
            "version": serving.version(),
            "description": "Worlds, doors, time, faults and records of the fakes.",
        },
        "security": [{"control": []}],
        "paths": paths,
        "components": {
            "schemas": schemas.get("$defs", {}),
            "securitySchemes": {"control": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(call: Call, schema: Any) -> dict[str, Any]:
    summary, _, more = call.does.partition("\n")
    ids = [_parameter("path", name) for name in re.findall(r"<(\w+)>", call.path)]
    keys = [_parameter("query", name, says) for name, says in call.query.items()]
    done: dict[str, Any] = {"description": summary}
    if call.status != HTTPStatus.NO_CONTENT:
        done["content"] = {"application/json": {"schema": {}}}
    found = {
        "operationId": call.name,
        "summary": summary,
        "parameters": [*ids, *keys],
        "responses": {str(call.status): done, "4XX": PROBLEM},
    }
    schema = schema or (FREE if call.name in FREE_BODIES else None)
    if schema:
        found["requestBody"] = {"content": {"application/json": {"schema": schema}}}
    return found | ({"description": more.strip()} if more else {})


def _parameter(where: str, name: str, says: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {"name": name, "in": where, "schema": {"type": "string"}}
    found |= {"required": where == "path"}
    return found | ({"description": says} if says else {})
