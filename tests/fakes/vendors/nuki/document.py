"""What the vendor's interface document says of answers, as facts of our own writing.

`interface.txt` beside the fake has a line for each call: its statuses, the shape of
200, the scopes that are needed. `shapes.txt` has the fields of each shape; `!` marks
what is always there. Every answer that a test gets is checked against both. The
document itself is no part of this repository: see `original.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonschema import Draft4Validator, FormatChecker
from werkzeug.routing import Map, Rule

from fakes.vendors.nuki.coverage import HOME

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

CALLS = HOME / "interface.txt"
SHAPES = Path(__file__).with_name("shapes.txt")

# Statuses that were seen, or follow from others, and are listed nowhere or not there.
UNLISTED = {400, 401, 403, 404, 405, 422, 423}

KINDS: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "flag": {"type": "boolean"},
    "int": {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1},
    "long": {"type": "integer", "minimum": -(2**63), "maximum": 2**63 - 1},
    "float": {"type": "number"},
    "instant": {"type": "string", "format": "date-time"},
    "object": {"type": "object"},
    "texts": {"type": "object", "additionalProperties": {"type": "string"}},
}

formats = FormatChecker(formats=())


@formats.checks("date-time", raises=ValueError)
def is_instant(value: object) -> bool:
    return (
        not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None
    )


@dataclass(frozen=True)
class Call:
    """One call: the statuses that are listed, what 200 brings, who may make it."""

    statuses: frozenset[int]
    brings: str
    scopes: frozenset[str]


@dataclass(frozen=True)
class Document:
    """All calls by method and path, and all shapes as JSON Schema."""

    calls: dict[tuple[str, str], Call]
    shapes: dict[str, Any]
    urls: Map

    def check(self, method: str, path: str, answer: TestResponse) -> None:
        """Fail unless the document knows such an answer to such a call."""
        call = self.call(method, path)
        if call is None:
            return  # no such call: a test of what is not there
        status = answer.status_code
        assert status in call.statuses | UNLISTED, (method, path, answer.status)
        if status == 204:
            assert answer.data == b""
        if status == 200:
            self.validate(schema(call.brings), answer.json)

    def call(self, method: str, path: str) -> Call | None:
        """Return what is known of a call of a path as it is really called."""
        urls, bare = self.urls.bind(""), path.partition("?")[0]
        template = str(urls.match(bare)[0]) if urls.test(bare) else ""
        return self.calls.get((method, template))

    def validate(self, one: Any, value: Any) -> None:
        whole = {**one, "definitions": self.shapes}
        Draft4Validator(whole, format_checker=formats).validate(value)


def schema(kind: str) -> dict[str, Any]:
    """Return a kind's schema: a word of `KINDS`, a list, one of several, a shape."""
    if kind in KINDS:
        return KINDS[kind]
    if kind.startswith("["):
        return {"type": "array", "items": schema(kind[1:-1])}
    if "|" in kind:
        choices = kind.split("|")
        numbers = all(each.isdigit() for each in choices)
        return {"enum": [int(each) for each in choices] if numbers else choices}
    return {"$ref": f"#/definitions/{kind}"}


@cache
def document() -> Document:
    """Return what our files say."""
    calls = dict(map(_call, CALLS.read_text(encoding="utf-8").splitlines()))
    shapes = dict(map(_shape, SHAPES.read_text(encoding="utf-8").split("\n\n")))
    paths = sorted({path for _method, path in calls})
    rules = [
        Rule(path.replace("{", "<").replace("}", ">"), endpoint=path) for path in paths
    ]
    return Document(calls, shapes, Map(rules))


def _call(line: str) -> tuple[tuple[str, str], Call]:
    call, statuses, brings, scopes = (part.strip() for part in line.split(";"))
    method, path = call.split()
    listed = frozenset(int(status) for status in statuses.split())
    return (method, path), Call(listed, brings, frozenset(scopes.split()))


def _shape(block: str) -> tuple[str, dict[str, Any]]:
    """Return a shape that takes no field which it does not name."""
    name, *lines = block.strip().splitlines()
    fields = [line.split() for line in lines]
    always = [field for field, _kind, *mark in fields if mark]
    content = {
        "type": "object",
        "properties": {field: schema(kind) for field, kind, *_ in fields},
        "additionalProperties": False,
    }
    return name, content | ({"required": always} if always else {})
