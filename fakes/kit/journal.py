"""The record of what vendors were asked and of what they sent on their own.

Invariants: bounded (the oldest goes first), kept raw, blanked when read. Nothing of it
decides anything: a world with an empty journal has the same future.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - pydantic reads it
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fakes.kit.redact import Redactor

KEPT = 1000  # calls a world
KEPT_BYTES = 16_384  # of a body; a longer one is cut, and shown by its size


@dataclass(slots=True)
class JournalEntry:
    """One call of a vendor: what was asked, and what the caller saw of the answer."""

    at: datetime
    vendor: str
    method: str
    path: str  # the vendor's own, without the mount
    query: str
    request: bytes
    request_type: str
    status: int | None  # None: the answer never came
    answer: bytes
    answer_type: str
    fault: str | None  # the id of the fault that the caller met
    acted: bool  # whether the vendor did what it was asked
    ref: str | None  # what the call was about, in the vendor's words

    def about(self, vendor: str | None, path: str | None) -> bool:
        """Whether the call is of a vendor and a path; `*` and `?` stand for any."""
        return vendor in {None, self.vendor} and fnmatchcase(self.path, path or "*")


class Journal:
    """The latest calls of one world, oldest first."""

    def __init__(self, redactors: Mapping[str, Redactor]) -> None:
        self._redactors = redactors
        self._entries: deque[JournalEntry] = deque(maxlen=KEPT)

    def add(self, entry: JournalEntry) -> None:
        """Keep a call; the oldest goes when there are too many."""
        self._entries.append(entry)

    def forget(self, vendor: str | None = None, path: str | None = None) -> None:
        """Forget every call, or those of a vendor, of a path."""
        kept = [entry for entry in self._entries if not entry.about(vendor, path)]
        self._entries = deque(kept, maxlen=KEPT)

    def read(
        self, vendor: str | None = None, path: str | None = None
    ) -> Iterator[dict[str, Any]]:
        """Yield every call, or those of a vendor, of a path."""
        for entry in self._entries:
            if entry.about(vendor, path):
                yield self._show(entry)

    def _show(self, entry: JournalEntry) -> dict[str, Any]:
        redactor = self._redactors[entry.vendor]
        return {
            "at": entry.at,
            "vendor": entry.vendor,
            "method": entry.method,
            "path": entry.path,
            "query": redactor.query(entry.query),
            "status": entry.status,
            "request": redactor.body(entry.request, entry.request_type),
            "answer": redactor.body(entry.answer, entry.answer_type),
            "fault": entry.fault,
            "acted": entry.acted,
            "ref": entry.ref,
        }


@dataclass(frozen=True)
class Mail:
    """One message that a vendor sent to a person itself."""

    id: str
    at: datetime
    vendor: str
    channel: Literal["mail", "sms"]
    to: str
    subject: str
    body: str
