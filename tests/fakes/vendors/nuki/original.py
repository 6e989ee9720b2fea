"""The vendor's own interface document, where it lies beside the checkout.

What our files say is drawn from it, and a test holds them to it. Where the document is
known to be wrong about bodies, it is mended before: an id that is modelled as an
object, a list of device types without the newer ones, bounds that its own values break.

    python -m tests.fakes.vendors.nuki.original    # writes both files anew
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fakes.vendors.nuki.coverage import METHODS
from tests.fakes.vendors.nuki.document import CALLS, SHAPES

ROOT = Path(__file__).resolve().parents[4]
PLACE = ROOT.parent / "shared" / "vendors" / "nuki-swagger.json"
ABSENT = f"the vendor's document is not at ../{PLACE.relative_to(ROOT.parent)}"

MENDED = {
    ("SmartlockLog", "deviceType"): "int",
    ("SmartlockAuth", "operationId"): "text",
}
WORDS = {
    ("string", None): "text",
    ("string", "uuid"): "text",
    ("string", "byte"): "text",
    ("string", "date-time"): "instant",
    ("boolean", None): "flag",
    ("integer", "int32"): "int",
    ("integer", "int64"): "long",
    ("number", "float"): "float",
    ("object", None): "object",
}
MODELLED = (
    "AccountUser",
    "Address",
    "AddressReservation",
    "AdvancedApiKey",
    "AdvancedConfirmationResponse",
    "ApiKey",
    "ApiKeyToken",
    "Company",
    "DecentralWebhook",
    "MyAccount",
    "Notification",
    "Notification.Setting",
    "ObjectId",
    "OpenerIntercomBrand",
    "OpenerIntercomModel",
    "PaginatedResponse",
    "Pagination",
    "Smartlock",
    "Smartlock.AdvancedConfig",
    "Smartlock.Config",
    "Smartlock.State",
    "Smartlock.WebConfig",
    "SmartlockAuth",
    "SmartlockLog",
    "WebhookLog",
    "WebhookMessage",
)


def read() -> dict[str, Any] | None:
    """Return the document, or nothing if it is not there."""
    return json.loads(PLACE.read_text(encoding="utf-8")) if PLACE.exists() else None


def calls(original: dict[str, Any]) -> str:
    """Return what it says of calls, as `interface.txt` has it."""
    lines = [
        _call(method, path, entry[method.lower()])
        for path, entry in original["paths"].items()
        for method in METHODS
        if method.lower() in entry
    ]
    return "".join(lines)


def shapes(original: dict[str, Any]) -> str:
    """Return what it says of the shapes that are modelled, as `shapes.txt` has it."""
    return "\n".join(_shape(name, original["definitions"][name]) for name in MODELLED)


def _call(method: str, path: str, entry: dict[str, Any]) -> str:
    statuses = " ".join(sorted(entry["responses"]))
    brings = _kind(entry["responses"].get("200", {}).get("schema", {}))
    scopes = {
        scope for each in entry.get("security", ()) for scope in each.get("oauth", ())
    }
    return f"{method} {path}; {statuses}; {brings}; {' '.join(sorted(scopes))}\n"


def _shape(name: str, entry: dict[str, Any]) -> str:
    always = set(entry.get("required", ()))
    lines = [name]
    for field, each in entry["properties"].items():
        kind = MENDED.get((name, field)) or _kind(each)
        lines.append(f"    {field} {kind}{' !' if field in always else ''}")
    return "\n".join(lines) + "\n"


def _kind(entry: dict[str, Any]) -> str:
    """Return our word for a schema; a shape that is not modelled is any object."""
    if "$ref" in entry:
        name = entry["$ref"].rpartition("/")[2]
        return name if name in MODELLED else "object"
    if entry.get("type") == "array":
        return f"[{_kind(entry['items'])}]"
    if "enum" in entry:
        return "|".join(map(str, entry["enum"]))
    if entry.get("additionalProperties") == {"type": "string"}:
        return "texts"
    return WORDS[entry["type"], entry.get("format")] if entry else ""


if __name__ == "__main__":
    found = read()
    if found is None:
        raise SystemExit(ABSENT)
    CALLS.write_text(calls(found), encoding="utf-8")
    SHAPES.write_text(shapes(found), encoding="utf-8")
