"""The record of calls that vendors received, mails that they sent, and notes of others.

Invariants: bounded (the oldest entry is dropped first); stored as it came, redacted
when it is read, by field names. A body without field names is shown by its size only.
The journal decides nothing: a world with an empty journal has the same future.
"""

from __future__ import annotations

import json
import re
from collections import Counter, deque
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - pydantic reads it
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

REDACTED = "•••"

# Compared without case, - and _; each vendor adds its own
SECRET_FIELDS = frozenset(
    {
        *("accesstoken", "apikey", "apisecret", "authorization", "clientsecret"),
        *("code", "idtoken", "keypadcode", "password", "pin", "pincode"),
        *("refreshtoken", "secret", "token"),
    }
)


SENTENCES = frozenset({"detailmessage"})
"""Fields with a vendor's reason, which may repeat a code that it refuses."""

MAYBE_CODE = re.compile(r"\d{4,}")


class Redactor:
    """Replaces secret fields by dots: the usual names and a vendor's own."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = SECRET_FIELDS | {_plain(name) for name in names}

    def value(self, value: Any) -> Any:
        """Return a JSON value with every secret field redacted, at any depth."""
        if isinstance(value, dict):
            return {key: self._field(key, each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.value(each) for each in value]
        return value

    def _field(self, key: str, value: Any) -> Any:
        """Redact a secret field; of a sentence only what may be a code in it."""
        if _plain(key) in SENTENCES and isinstance(value, str):
            return MAYBE_CODE.sub(REDACTED, value)
        return self._hidden(value) if self._hides(key) else self.value(value)

    def body(self, body: bytes, content_type: str) -> Any:
        """Return a JSON or form body, redacted; of any other body its size in bytes."""
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
        """Return the fields of a query or form, redacted; the last of a name counts."""
        fields = dict(parse_qsl(query, keep_blank_values=True))
        return self.value(fields)  # type: ignore[no-any-return]  # a dict gives a dict

    def _hides(self, key: str) -> bool:
        return _plain(key) in self._names

    def _hidden(self, value: Any) -> Any:
        """Redact a secret, or each item of a list; an object has its own names."""
        if isinstance(value, list):
            return [self._hidden(each) for each in value]
        return self.value(value) if isinstance(value, (dict, bool)) else REDACTED


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")


KEPT = 1000  # calls a world
KEPT_BYTES = 16_384  # of a body; a longer one is cut, and shown by its size


@dataclass(slots=True)
class JournalEntry:
    """One call to a vendor: the request, and the answer that the caller got."""

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
    fault: str | None  # the id of the fault that fired
    acted: bool  # whether the vendor's view ran
    ref: str | None  # the vendor's id of the call's subject

    def about(self, vendor: str | None, path: str | None) -> bool:
        """Whether the call is for a vendor and a path (a glob); None matches all."""
        return vendor in {None, self.vendor} and fnmatchcase(self.path, path or "*")


class Journal:
    """The latest calls of one world, oldest first."""

    def __init__(self, redactors: Mapping[str, Redactor]) -> None:
        self._redactors = redactors
        self._entries: deque[JournalEntry] = deque(maxlen=KEPT)
        self.added = 0  # ever, by this journal

    def add(self, entry: JournalEntry) -> None:
        """Add a call; the oldest is dropped when there are too many."""
        self._entries.append(entry)
        self.added += 1

    def forget(self, vendor: str | None = None, path: str | None = None) -> None:
        """Delete every call, or those of a vendor and a path."""
        kept = [entry for entry in self._entries if not entry.about(vendor, path)]
        self._entries = deque(kept, maxlen=KEPT)

    def __iter__(self) -> Iterator[JournalEntry]:
        """Yield every call as it came, its secrets included."""
        return iter(self._entries)

    def methods(self) -> tuple[Counter[str], bool]:
        """Return how often each method was called, and if a fault struck the last."""
        last = self._entries[-1] if self._entries else None
        found = Counter(entry.method for entry in self._entries)
        return found, last is not None and last.fault is not None

    def read(
        self, vendor: str | None = None, path: str | None = None
    ) -> Iterator[dict[str, Any]]:
        """Yield every call, redacted, or those of a vendor and a path."""
        for entry in self._entries:
            if entry.about(vendor, path):
                yield self._show(entry)

    def latest(
        self, count: int, wanted: Callable[[JournalEntry], bool]
    ) -> list[dict[str, Any]]:
        """Return the latest of the calls that are wanted, redacted, oldest first."""
        found = [entry for entry in list(self._entries) if wanted(entry)]
        return [self._show(entry) for entry in found[-count:]]

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
    """One message that a vendor itself sent to a person."""

    id: str
    at: datetime
    vendor: str
    channel: Literal["mail", "sms"]
    to: str
    subject: str
    body: str


@dataclass(frozen=True)
class Note:
    """What somebody outside did, as they say, such as a platform that sent an event.

    `about` is a word that the calls it leads to hold, such as the id of a booking.
    """

    id: str
    at: datetime
    title: str
    text: str
    about: str
