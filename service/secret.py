"""A value that no log, error or repr ever shows.

Invariants: the text leaves a `Secret` only through `reveal()`, so every place where a
secret is used in the open can be found by searching for that one word.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Final

MASK: Final = "•••"


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Secret:
    """A PIN, token or password; it prints as `•••` wherever it is shown."""

    _text: str

    def reveal(self) -> str:
        """Return the text itself, for the one call that needs it."""
        return self._text

    def __repr__(self) -> str:
        return MASK

    def __str__(self) -> str:
        return MASK

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._text))


def reveal(value: Secret | str) -> str:
    """Return the plain text of a credential, secret or not."""
    return value.reveal() if isinstance(value, Secret) else value
