"""The vendor's own interface document, if it lies beside the checkout.

It is not part of this repository. Where it is there, every answer that a test gets is
checked against it; its known errors are named here and mended before.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

from jsonschema import Draft4Validator
from jsonschema import FormatChecker
from werkzeug.routing import Map
from werkzeug.routing import Rule

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

ROOT = Path(__file__).resolve().parents[4]
PLACE = ROOT.parent / "shared" / "vendors" / "nuki-swagger.json"
ABSENT = f"the vendor's document is not at ../{PLACE.relative_to(ROOT.parent)}"

# Where the document is wrong about bodies: bounds that its own values break, a list
# of device types without the newer ones, and an id that is modelled as an object.
WRONG_WORDS = ("minimum", "maximum")
MENDED: dict[tuple[str, str], Any] = {
    ("SmartlockLog", "deviceType"): {"type": "integer"},
    ("SmartlockAuth", "operationId"): {"type": "string"},
}
# Statuses that were seen, or follow from others, and are listed nowhere or not there.
UNLISTED = {400, 401, 403, 404, 422, 423}

formats = FormatChecker(formats=())


@formats.checks("date-time", raises=ValueError)
def is_instant(value: object) -> bool:
    return (
        not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None
    )


@dataclass(frozen=True)
class Document:
    """The document, mended."""

    paths: dict[str, dict[str, Any]]
    definitions: dict[str, Any]
    urls: Map

    def check(self, method: str, path: str, answer: TestResponse) -> None:
        """Fail unless the document knows such an answer to such a call."""
        template = self.template(path)
        operation = self.paths.get(template or "", {}).get(method.lower())
        if operation is None:
            return  # no such call: a test of what is not there
        listed = {int(status) for status in operation["responses"]}
        assert answer.status_code in listed | UNLISTED, (method, path, answer.status)
        if answer.status_code == 204:
            assert answer.data == b""
        if answer.status_code == 200:
            schema = operation["responses"]["200"]["schema"]
            self.validate(schema, answer.json)

    def template(self, path: str) -> str | None:
        """Return the document's own form of a path."""
        urls = self.urls.bind("")
        bare = path.partition("?")[0]
        return urls.match(bare)[0] if urls.test(bare) else None

    def validate(self, schema: Any, value: Any) -> None:
        whole = {**schema, "definitions": self.definitions}
        Draft4Validator(whole, format_checker=formats).validate(value)


@cache
def document() -> Document | None:
    """Return the document, or nothing if it is not there."""
    if not PLACE.exists():
        return None
    read = json.loads(PLACE.read_text(encoding="utf-8"))
    definitions = {n: mended(n, each) for n, each in read["definitions"].items()}
    rules = [
        Rule(path.replace("{", "<").replace("}", ">"), endpoint=path)
        for path in read["paths"]
    ]
    return Document(read["paths"], definitions, Map(rules))


def mended(name: str, definition: dict[str, Any]) -> dict[str, Any]:
    """Return a definition without its errors, that takes no field it does not name."""
    fields = definition.get("properties", {})
    kept = {
        field: MENDED.get(
            (name, field), {k: v for k, v in each.items() if k not in WRONG_WORDS}
        )
        for field, each in fields.items()
    }
    return {**definition, "properties": kept, "additionalProperties": not fields}
