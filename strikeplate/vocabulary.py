"""Vocabularies: the words by which scenarios name a vendor's doors and calls.

Invariants: a vendor is known by its folder alone, `features/VENDOR/vendor.toml`; no
vendor's name stands elsewhere in strikeplate or in shared steps.

    [brand]      `name`: the vendor as it spells itself
    [doors]      kinds of door, by their words in a step, each with the fields it has
    [calls]      the vendor's calls, by their words in a step: method and path
    [entry]      what is entered with a code at a door, unless a step says otherwise
    [message]    the pattern of a code in a message (default: 6 to 10 digits); `extras`
                 has the patterns of what else the message holds for use at the door
    [codes]      `final = true` if an issued code cannot be revoked; `made` is the
                 pattern of codes issued to a person, where a door has others too;
                 `whole_hours = true` if a code is valid in whole hours of the lock's
                 zone; `end_included = true` if it still opens at its very end;
                 `delivery_seconds`, how long a new code takes to its door
    [server]     the credentials that calls to the vendor's own server need
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any

from strikeplate.toml_file import read_toml, suggest
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, tzinfo
    from pathlib import Path

    from strikeplate.subjects import Message
    from strikeplate.toml_file import Declaration

FILE = "vendor.toml"
TABLES = ("brand", "doors", "calls", "entry", "message", "codes", "server")
EVERY = "every call"
LOCK = "a lock"
"""The words that every vendor knows: what hangs at a door when nothing is said."""

CODE = re.compile(r"(?<![\d+:./-])\d{6,10}(?![\d:/-])")
"""A code unless the vendor says otherwise: no part of a number, date or time."""

ANY = re.compile(r".*", re.DOTALL)

Fields = dict[str, Any]  # of a door or a call; the control interface checks them


@dataclass(frozen=True)
class VendorVocabulary:
    """The words of one vendor."""

    vendor: str
    doors: Mapping[str, Fields]
    calls: Mapping[str, Fields] = field(default_factory=dict)
    entry: Fields = field(default_factory=dict)
    code: re.Pattern[str] = CODE
    extras: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    credentials: tuple[str, ...] = ()
    final: bool = False
    made: re.Pattern[str] = ANY
    whole_hours: bool = False
    closes_after: timedelta = timedelta()
    """So long after its end a code no longer opens: nothing, or one second."""

    delivery: timedelta = timedelta()
    brand: str = ""

    def call(self, words: str) -> Fields:
        """Return the method and path of a call; nothing for every call."""
        if words == EVERY:
            return {}
        if words not in self.calls:
            hint = suggest(words, self.calls)
            raise HarnessFault(f"{self.vendor} knows no call {words!r}; {hint}")
        return self.calls[words]

    def window(
        self, start: datetime, end: datetime, zone: tzinfo
    ) -> tuple[datetime, datetime]:
        """Return from when until when a booking's code is valid, in UTC.

        Whole hours are those of the lock's zone: the start down, the end up.
        """
        if not self.whole_hours:
            return start.astimezone(UTC), end.astimezone(UTC)
        return _hour(start, zone), _hour(end + _UP, zone)

    def extras_in(
        self, code: str, text: str, codes: Sequence[str] = ()
    ) -> dict[str, str]:
        """Return what else a message holds for use with one of its codes.

        `codes` are all of its codes, found by the vendor's pattern unless given.
        Where there are several values, the first belongs to the first code.
        """
        codes = codes or list(dict.fromkeys(self.code.findall(text)))
        brought = {}
        for name, pattern in self.extras.items():
            found = list(dict.fromkeys(pattern.findall(text)))
            if found:
                brought[name] = found[min(codes.index(code), len(found) - 1)]
        return brought

    def every_extra_in(self, text: str) -> list[dict[str, str]]:
        """Return what a message holds besides its codes, each choice of values."""
        found = (dict.fromkeys(each.findall(text)) for each in self.extras.values())
        return [dict(zip(self.extras, each, strict=True)) for each in product(*found)]


_UP = timedelta(hours=1, microseconds=-1)


def _hour(at: datetime, zone: tzinfo) -> datetime:
    """Return the whole hour of a zone that an instant is in."""
    local = at.astimezone(zone)
    return local.replace(minute=0, second=0, microsecond=0).astimezone(UTC)


def codes_in(mail: Message, pattern: re.Pattern[str] = CODE) -> tuple[str, ...]:
    """Return the codes in a message's text, each once."""
    return tuple(dict.fromkeys(pattern.findall(mail.text)))


@cache
def read(root: Path) -> dict[str, VendorVocabulary]:
    """Return the vocabulary of each vendor that has a folder, by vendor."""
    found = (_vocabulary(path) for path in sorted(root.glob(f"*/{FILE}")))
    return {vocabulary.vendor: vocabulary for vocabulary in found}


def credentials(
    vocabularies: Mapping[str, VendorVocabulary],
) -> dict[str, tuple[str, ...]]:
    """Return the names of each vendor's credentials."""
    return {name: each.credentials for name, each in vocabularies.items()}


def vocabulary_of(
    vocabularies: Mapping[str, VendorVocabulary], words: str, own: str
) -> VendorVocabulary:
    """Return the vocabulary that has a door: the scenario's own, else the only one."""
    if own in vocabularies and words in vocabularies[own].doors:
        return vocabularies[own]
    found = [
        vocabulary for vocabulary in vocabularies.values() if words in vocabulary.doors
    ]
    if len(found) == 1:
        return found[0]
    vendors = ", ".join(vocabulary.vendor for vocabulary in found) or "nobody"
    text = f"whose {words!r} is meant is not said: {vendors} has such; the step, the"
    raise HarnessFault(f"{text} folder or the profile's default_vendor tells")


def _vocabulary(path: Path) -> VendorVocabulary:
    declared = read_toml(path)
    declared.only(declared.content, TABLES, "table")
    doors = declared.table("doors")
    brand = declared.table("brand", ("name",))
    if LOCK not in doors:
        raise declared.error(f"[doors] lacks {LOCK!r}, which every vendor knows")
    message = declared.table("message", ("code", "extras"))
    server = declared.table("server", ("credentials",))
    codes = declared.table(
        "codes", ("final", "made", "whole_hours", "end_included", "delivery_seconds")
    )
    extras = message.get("extras", {})
    return VendorVocabulary(
        vendor=path.parent.name,
        doors=doors,
        calls=declared.table("calls"),
        entry=declared.table("entry"),
        code=_pattern(declared, message, "code") if "code" in message else CODE,
        extras={name: _pattern(declared, extras, name) for name in extras},
        credentials=declared.texts(server, "credentials", "server"),
        final=codes.get("final") is True,
        made=_pattern(declared, codes, "made") if "made" in codes else ANY,
        whole_hours=codes.get("whole_hours") is True,
        closes_after=timedelta(seconds=codes.get("end_included") is True),
        delivery=timedelta(seconds=codes.get("delivery_seconds", 0)),
        brand=str(brand.get("name", path.parent.name.capitalize())),
    )


def _pattern(declared: Declaration, table: Fields, key: str) -> re.Pattern[str]:
    text = declared.text(table, key, "message")
    try:
        return re.compile(text)
    except re.error as error:
        raise declared.error(f"[message] {key} is no pattern: {error}") from None
