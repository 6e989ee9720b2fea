"""The OpenAPI documents as pages: what can be called, with what, and how it answers.

Invariants: a page shows what the served document says and nothing else. Like the
documents themselves, it needs no session and holds nothing of any world.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from flask import redirect, url_for
from markupsafe import Markup, escape

from fakes.kit.control import all_worlds, document
from fakes.kit.control.vendor_documents import vendor_document
from fakes.kit.json_api import Problem, unknown
from fakes.wall import page_of, wall

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from werkzeug import Response

    Json = Mapping[str, Any]

CONTROL = "control"
DEEPEST = 4
"""How deep fields within fields are shown."""


class Field(NamedTuple):
    """One field of a body or an answer; `name` is its way from the top."""

    name: str
    kind: str
    required: bool
    says: str


class Shape(NamedTuple):
    """A body or an answer: when, of which kind, with which fields."""

    when: str
    says: str
    kind: str
    fields: list[Field]


class Operation(NamedTuple):
    """One call."""

    method: str
    path: str
    says: str
    more: str
    parameters: list[Field]
    bodies: list[Shape]
    answers: list[Shape]


@wall.app_template_filter("coded")
def coded(text: str) -> Markup:
    """Return the text with what stands between backticks as code."""
    marked = re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text)))
    return Markup(marked)  # noqa: S704 - escaped just above


@wall.get("/documents")
def documents() -> Response:
    """Lead to the first document."""
    return redirect(url_for("wall.document_page", name=CONTROL), 303)


@wall.get("/documents/<name>")
def document_page(name: str) -> Response:
    """Show one document."""
    fakes = all_worlds().context.fakes
    if name not in {CONTROL, *fakes}:
        raise Problem(404, unknown("document", name, [CONTROL, *fakes]))
    is_control = name == CONTROL
    shown = document.document() if is_control else vendor_document(fakes[name])
    source = "/_sim/openapi.json" if is_control else f"/_sim/openapi/{name}.json"
    return page_of(
        "document.html",
        name=name,
        names=[CONTROL, *fakes],
        about=shown["info"],
        source=source,
        operations=list(operations(shown)),
    )


def operations(shown: Json) -> Iterator[Operation]:
    """Yield every call of a document, in its order."""
    for path, methods in shown["paths"].items():
        for method, call in methods.items():
            if isinstance(call, dict):
                yield _operation(shown, path, method, call)


def _operation(shown: Json, path: str, method: str, call: Json) -> Operation:
    body = call.get("requestBody", {})
    taken = [_shape(shown, media, body, media) for media in body.get("content", {})]
    return Operation(
        method=method.upper(),
        path=path,
        says=call.get("summary", ""),
        more=call.get("description", ""),
        parameters=[
            Field(
                each["name"],
                f"{_kind(shown, each.get('schema', {}))}, in the {each['in']}",
                bool(each.get("required")),
                each.get("description", ""),
            )
            for each in call.get("parameters", [])
        ],
        bodies=taken,
        answers=[
            _shape(shown, status, answer, next(iter(answer.get("content", {})), ""))
            for status, answer in call["responses"].items()
        ],
    )


def _shape(shown: Json, when: str, holder: Json, media: str) -> Shape:
    schema = holder.get("content", {}).get(media, {}).get("schema", {})
    kind = _kind(shown, schema) if schema else ""
    says = holder.get("description", "")
    return Shape(str(when), says, kind, list(fields(shown, schema)))


def fields(
    shown: Json, schema: Json, above: str = "", depth: int = 0
) -> Iterator[Field]:
    """Yield the fields of a schema, and those within them."""
    found = _resolved(shown, schema)
    if found.get("type") == "array":
        yield from fields(shown, found.get("items", {}), f"{above}[]", depth)
        return
    for name, each in found.get("properties", {}).items():
        way = f"{above}.{name}".removeprefix(".")
        inner = _resolved(shown, each)
        says = each.get("description") or inner.get("description", "")
        required = name in found.get("required", ())
        yield Field(way, _kind(shown, each), required, says)
        if depth < DEEPEST:
            yield from fields(shown, each, way, depth + 1)


def _resolved(shown: Json, schema: Json) -> Json:
    """Return what a reference, or the one that is not null, leads to."""
    if "$ref" in schema:
        found: Any = shown
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return _resolved(shown, found)
    others = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    return _resolved(shown, others[0]) if len(others) == 1 else schema


def _kind(shown: Json, schema: Json) -> str:
    """Return the type of a schema in words."""
    if choices := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(dict.fromkeys(_kind(shown, each) for each in choices))
    found = _resolved(shown, schema)
    if "enum" in found:
        return f"one of {', '.join(map(str, found['enum']))}"
    if "const" in found:
        return f"always {found['const']}"
    kind = found.get("type", "anything")
    if kind == "array":
        return f"list of {_kind(shown, found.get('items', {}))}"
    return " or ".join(kind) if isinstance(kind, list) else str(kind)
