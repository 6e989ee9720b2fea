"""The record of what vendors were asked and of what they sent on their own.

Law: bounded (the oldest goes first), kept raw, blanked when read. Nothing of it
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

    from fakes.kit.redact import Blanks

KEPT = 1000  # calls a world
KEPT_BYTES = 16_384  # of a body; a longer one is cut, and shown by its size


@dataclass(slots=True)
class Line:
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

    def __init__(self, blanks: Mapping[str, Blanks]) -> None:
        self._blanks = blanks
        self._lines: deque[Line] = deque(maxlen=KEPT)

    def add(self, line: Line) -> None:
        """Keep a call; the oldest goes when there are too many."""
        self._lines.append(line)

    def forget(self, vendor: str | None = None, path: str | None = None) -> None:
        """Forget every call, or those of a vendor, of a path."""
        kept = [line for line in self._lines if not line.about(vendor, path)]
        self._lines = deque(kept, maxlen=KEPT)

    def read(
        self, vendor: str | None = None, path: str | None = None
    ) -> Iterator[dict[str, Any]]:
        """Yield every call, or those of a vendor, of a path."""
        for line in self._lines:
            if line.about(vendor, path):
                yield self._show(line)

    def _show(self, line: Line) -> dict[str, Any]:
        blanks = self._blanks[line.vendor]
        return {
            "at": line.at,
            "vendor": line.vendor,
            "method": line.method,
            "path": line.path,
            "query": blanks.query(line.query),
            "status": line.status,
            "request": blanks.body(line.request, line.request_type),
            "answer": blanks.body(line.answer, line.answer_type),
            "fault": line.fault,
            "acted": line.acted,
            "ref": line.ref,
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
