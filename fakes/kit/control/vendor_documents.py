"""The OpenAPI document of a vendor's modelled paths, made from its routes.

Invariants: a route is described by what it is: its path, the first line of its view,
the model that its view reads the body with, or the body that is declared beside the
view (`takes`), and the answer that is declared there (`answers`). What stands for a
vendor's web app (`/portal`), and pages, are no part of it. A vendor that has a document
of its own (`Fake.document`) shows that one. No text of a vendor is copied.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from flask import current_app
from pydantic import BaseModel, TypeAdapter

import serving
from fakes.kit.answers import JSON, Taken, answered, taken
from fakes.kit.control import VENDOR_DOCUMENT, all_worlds, routes
from fakes.kit.json_api import Problem, show, unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from werkzeug import Response
    from werkzeug.routing import Rule

    from fakes.kit.world import Fake

PLACE = re.compile(r"<(?:(\w+)(?:\(([^)]*)\))?:)?(\w+)>")  # of Werkzeug's paths
READ = "read"
"""The function by which a view reads its body as a model."""

ADDED = {"HEAD", "OPTIONS"}
VALIDATION: Literal["validation"] = "validation"
BODY, ANSWER, REFUSED = "body of ", "answer of ", "a refusal"
TEXT, WORDS = "text/plain", {"type": "string"}
REF = "#/components/schemas/{model}"


@routes.get(VENDOR_DOCUMENT)
def show_vendor_document(vendor: str) -> Response:
    """Show the document of one vendor."""
    fakes = all_worlds().context.fakes
    if vendor not in fakes:
        raise Problem(404, unknown("vendor", vendor, fakes))
    made = current_app.extensions.setdefault("vendor_documents", {})
    if vendor not in made:  # it takes a tenth of a second, and anybody may ask
        made[vendor] = vendor_document(fakes[vendor])
    return show(made[vendor])


def vendor_document(fake: Fake[Any]) -> dict[str, Any]:
    """Return the OpenAPI document of a vendor's modelled paths."""
    if fake.document is not None:
        return fake.document()
    calls = list(_calls(fake))
    refs, schemas = TypeAdapter.json_schemas(_shapes(fake, calls), ref_template=REF)
    paths: dict[str, dict[str, Any]] = {}
    for path, method, endpoint, body in calls:
        template, parameters = _template(path)
        described = _described(endpoint, parameters)
        if body:
            content = {body.media: {"schema": refs[BODY + endpoint, VALIDATION]}}
            described["requestBody"] = {"content": content}
        described["responses"] = _responses(endpoint, refs)
        _, _, name = endpoint.partition(".")
        described["operationId"] = f"{name.replace('.', '_')}_{method.lower()}"
        paths.setdefault(template, {})[method.lower()] = described
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{fake.name}, as it is simulated",
            "version": serving.version(),
            "description": "The paths that the fake models, in Strikeplate's words.",
        },
        "servers": [{"url": f"/{fake.name}"}],
        "security": [{name: []} for name in fake.security],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": schemas.get("$defs", {}),
            "securitySchemes": dict(fake.security),
        },
    }


Described = tuple[str, str, str, Taken | None]


def _calls(fake: Fake[Any]) -> Iterator[Described]:
    """Yield path, method, endpoint and body of each route of the vendor's own."""
    mount = f"/{fake.name}"
    for rule in current_app.url_map.iter_rules():
        if rule.rule.startswith(f"{mount}/") and _is_modelled(rule):
            endpoint = str(rule.endpoint)
            view = current_app.view_functions[endpoint]
            for method in sorted((rule.methods or set()) - ADDED):
                body = None if method == "GET" else _body(view)
                yield rule.rule.removeprefix(mount), method, endpoint, body


Shapes = list[tuple[str, Literal["validation"], TypeAdapter[Any]]]


def _shapes(fake: Fake[Any], calls: list[Described]) -> Shapes:
    """Return every type that crosses the wire, by what it is for.

    Answers are described as they are read: what may be left out is not required.
    """
    types = {REFUSED: fake.refusal}
    for _path, _method, endpoint, body in calls:
        types[BODY + endpoint] = body and body.shape
        found = answered(current_app.view_functions[endpoint])
        types[ANSWER + endpoint] = found and found.shape
    return [(n, VALIDATION, TypeAdapter(t)) for n, t in types.items() if t]


def _responses(endpoint: str, refs: Any) -> dict[str, Any]:
    """Return what a call is answered with, a refusal included."""
    view = current_app.view_functions[endpoint]
    summary = _summary(view)
    found = answered(view)
    success: dict[str, Any] = {"description": summary}
    refusal: dict[str, Any] = {"description": "A refusal in the vendor's own shape."}
    if (ANSWER + endpoint, VALIDATION) in refs:
        success["content"] = {JSON: {"schema": refs[ANSWER + endpoint, VALIDATION]}}
    if (REFUSED, VALIDATION) in refs:
        shape = refs[REFUSED, VALIDATION]
        refusal["content"] = {JSON: {"schema": shape}}
        if WORDS in shape.get("anyOf", ()):
            refusal["content"][TEXT] = {"schema": WORDS}
    return {str(found.status) if found else "2XX": success, "4XX": refusal}


def _summary(view: Callable[..., Any]) -> str:
    return (view.__doc__ or "").strip().partition("\n")[0]


def _is_modelled(rule: Rule) -> bool:
    return (
        "/portal" not in rule.rule and "<path:" not in rule.rule and not rule.defaults
    )


def _body(view: Callable[..., Any]) -> Taken | None:
    """Return what is declared, else the model that a view names where it reads."""
    if declared := taken(view):
        return declared
    code = getattr(view, "__code__", None)
    if code is None or READ not in code.co_names:
        return None
    named = (view.__globals__.get(name) for name in code.co_names)
    models = (
        each for each in named if isinstance(each, type) and issubclass(each, BaseModel)
    )
    return next((Taken(JSON, each) for each in models), None)


def _template(path: str) -> tuple[str, list[dict[str, Any]]]:
    """Return the path with braces, and its parameters."""
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": _schema(kind, known)}
        for kind, known, name in PLACE.findall(path)
    ]
    return PLACE.sub(r"{\3}", path), parameters


def _schema(kind: str, known: str) -> dict[str, Any]:
    if kind == "any":
        return {"enum": known.split(",")}
    return {"type": "integer" if kind == "int" else "string"}


def _described(endpoint: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    summary = _summary(current_app.view_functions[endpoint])
    return {"summary": summary, "parameters": parameters}
