"""Faults of a vendor by the words of a step, as the control interface takes them. Pure.

A fault is a status, one with a Retry-After (`429 for 30 minutes`), `nonsense`, `empty`,
`an empty list`, `lost` or `too late`; with ` after the vendor acted` the vendor has
done what it was asked.
"""

from __future__ import annotations

import re
from typing import Any

from strikeplate.subjects.reference import PATIENCE_SECONDS
from strikeplate.verdict import HarnessFault

LATE_MS = int(PATIENCE_SECONDS * 1000) + 300
EFFECTS = {
    "nonsense": {"status": 200, "body": "<html>nonsense</html>"},
    "empty": {"status": 200, "body": ""},
    "an empty list": {"status": 200, "body": []},
    "lost": {"drop": True},
    "too late": {"delay_ms": LATE_MS},
}
AFTER = " after the vendor acted"


def fault(text: str) -> dict[str, Any]:
    """Return the fault that a text names."""
    kind = text.removesuffix(AFTER)
    phase = "after" if text.endswith(AFTER) else "before"
    if waits := re.fullmatch(r"(\d{3}) for (\d+) minutes", kind):
        headers = {"Retry-After": str(60 * int(waits[2]))}
        effect = {"status": int(waits[1]), "body": {}, "headers": headers}
        return {"phase": phase, "effect": effect}
    if kind.isdigit():
        return {"phase": phase, "effect": {"status": int(kind), "body": {}}}
    if kind not in EFFECTS:
        message = f"unknown fault {text!r}; known: a status, {', '.join(EFFECTS)}"
        raise HarnessFault(message)
    return {"phase": phase, "effect": EFFECTS[kind]}
