"""What records may show: everything but credentials and PINs.

Invariants: a record is blanked when it is read, by the names of its fields. A body
whose fields cannot be told is shown by its size alone.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from collections.abc import Iterable

REDACTED = "•••"

# Compared without case, - and _; each vendor adds its own
SECRET_FIELDS = frozenset(
    {
        *("accesstoken", "apikey", "apisecret", "authorization", "clientsecret"),
        *("code", "idtoken", "keypadcode", "password", "pin", "pincode"),
        *("refreshtoken", "secret", "token"),
    }
)


class Redactor:
    """The names of the fields that are blanked: the usual ones and a vendor's own."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = SECRET_FIELDS | {_plain(name) for name in names}

    def value(self, value: Any) -> Any:
        """Return a JSON value with every secret field blanked, at any depth."""
        if isinstance(value, dict):
            return {
                key: self._hidden(each) if self._hides(key) else self.value(each)
                for key, each in value.items()
            }
        if isinstance(value, list):
            return [self.value(each) for each in value]
        return value

    def body(self, body: bytes, content_type: str) -> Any:
        """Return a JSON or form body, blanked; of any other body its size in bytes."""
        if not body:
            return None
        try:
            if "x-www-form-urlencoded" in content_type:
                return self.query(body.decode())
            parsed = json.loads(body)
        except ValueError:
            return {"bytes": len(body)}
        return self.value(parsed) if isinstance(parsed, (dict, list)) else REDACTED

    def query(self, query: str) -> dict[str, Any]:
        """Return the fields of a query or form, blanked; the last of a name counts."""
        fields = dict(parse_qsl(query, keep_blank_values=True))
        return self.value(fields)  # type: ignore[no-any-return]  # a dict gives a dict

    def _hides(self, key: str) -> bool:
        return _plain(key) in self._names

    def _hidden(self, value: Any) -> Any:
        """Blank a secret, or each of a list of them; an object has its own names."""
        if isinstance(value, list):
            return [self._hidden(each) for each in value]
        return self.value(value) if isinstance(value, (dict, bool)) else REDACTED


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")
