"""What the control interface answers when it refuses: problem details, RFC 9457.

Invariants: a refusal names what was wrong, the value, and what would be right.
Vendors' own errors never take this shape.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

COMPARED = 1000
NAMES_SHOWN = 20


@dataclass(frozen=True)
class FieldError:
    """One wrong field: its name, the value that came, and the fix."""

    field: str
    value: Any  # whatever JSON came
    fix: str


class Problem(Exception):  # noqa: N818 - named as RFC 9457 names it
    """A refusal with its HTTP status; `detail` is a whole sentence."""

    def __init__(self, status: int, detail: str, *errors: FieldError) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = errors

    def describe(self) -> dict[str, Any]:
        """Return the problem document."""
        document: dict[str, Any] = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            document["errors"] = [vars(error) for error in self.errors]
        return document


def wrong(field: str, value: Any, fix: str) -> Problem:
    """Return the refusal (422) of one field."""
    return Problem(422, f"{field} {value!r}: {fix}", FieldError(field, value, fix))


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """Return the sentence that names an unknown word, the nearest, and those known.

    Of very many, the first thousand are compared and twenty told.
    """
    names = sorted(islice(known, COMPARED))
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else "."
    shown = ", ".join(names[:NAMES_SHOWN]) or "none"
    more = " and others" if len(names) > NAMES_SHOWN else ""
    return f"unknown {what} {name!r}{hint} Known: {shown}{more}."
