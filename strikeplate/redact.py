"""Redaction: what must not be read, and what must not vary, in anything we write.

Secrets are blanked wherever they turn up; values that differ from run to run are
shown by a steady name. Results are therefore safe to publish and equal for one seed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

BLANK = "•••"
SHORTEST = 4
"""Shorter values are not looked for: blanking every "12" would blank the report."""

STEADY = (
    (
        re.compile(r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE),
        "<uuid>",
    ),
    (re.compile(r"\b0x[0-9a-fA-F]{6,}\b"), "<address>"),
    (re.compile(r"(127\.0\.0\.1|localhost|\[::1\]|0\.0\.0\.0):\d+"), r"\1:<port>"),
    (re.compile(r"(?<![\w:/.])/(?:tmp|home|root|work|usr|var)/[^\s'\",)]+"), "<path>"),
)
"""Patterns that vary by machine or run, each with the name that stands for it."""

SECRET_FIELDS = re.compile(
    r"(secret|password|token|authorization|signature|api[-_]?key|^pin$|^code$)",
    re.IGNORECASE,
)
"""Names of fields whose value is blanked, whatever it is."""


class Redact:
    """The values of one scenario that are not to be shown as they are."""

    def __init__(self) -> None:
        self._shown: dict[str, str] = {}

    def hide(self, value: object) -> None:
        """Blank a secret from now on, in all that is written about this scenario."""
        self.rename(value, BLANK)

    def rename(self, value: object, name: str) -> None:
        """Show a value that varies from run to run by a steady name instead."""
        text = str(value)
        if len(text) >= SHORTEST:
            self._shown[text] = name

    def text(self, text: str) -> str:
        """Return the text without secrets and without what varies."""
        for value in sorted(self._shown, key=len, reverse=True):
            text = text.replace(value, self._shown[value])
        return steady(text)

    def data(self, value: object) -> object:
        """Return JSON-like data, redacted through and through."""
        if isinstance(value, Mapping):
            return {str(key): self._field(str(key), of) for key, of in value.items()}
        if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
            return [self.data(item) for item in value]
        if value is None or isinstance(value, (bool, int, float)):
            return self._number(value)
        return self.text(str(value))

    def _field(self, name: str, value: object) -> object:
        if SECRET_FIELDS.search(name) and isinstance(value, (str, int)):
            return BLANK
        return self.data(value)

    def _number(self, value: float | None) -> object:
        return self._shown.get(str(value), value)


def steady(text: str) -> str:
    """Return the text with ids, ports, paths and addresses replaced by their kind."""
    for pattern, name in STEADY:
        text = pattern.sub(name, text)
    return text
