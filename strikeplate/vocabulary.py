"""Vocabularies: the words by which scenarios name a vendor's doors and calls.

Invariants: a vendor is known by its folder alone, `features/VENDOR/vendor.toml`; no
vendor's name stands elsewhere in strikeplate or in shared steps.

    [doors]      kinds of door, by their words in a step, each with the fields it has
    [calls]      the vendor's calls, by their words in a step: method and path
    [entry]      what is entered with a code at a door, unless a step says otherwise
    [message]    the pattern of a code in a message (default: 6 to 10 digits); `extras`
                 has the patterns of what else the message holds for use at the door
    [codes]      `final = true` if an issued code cannot be revoked; `made` is the
                 pattern of codes issued to a person, where a door has others too
    [server]     the credentials that calls to the vendor's own server need
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from strikeplate.toml_file import read_toml, suggest
from strikeplate.verdict import HarnessFault

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from strikeplate.subjects import Message
    from strikeplate.toml_file import Declaration

FILE = "vendor.toml"
TABLES = ("doors", "calls", "entry", "message", "codes", "server")
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

    def call(self, words: str) -> Fields:
        """Return the method and path of a call; nothing for every call."""
        if words == EVERY:
            return {}
        if words not in self.calls:
            hint = suggest(words, self.calls)
            raise HarnessFault(f"{self.vendor} knows no call {words!r}; {hint}")
        return self.calls[words]

    def extras_in(self, code: str, text: str) -> dict[str, str]:
        """Return what else a message holds for use with one of its codes.

        Where there are several values, the first belongs to the first code.
        """
        codes = list(dict.fromkeys(self.code.findall(text)))
        brought = {}
        for name, pattern in self.extras.items():
            found = list(dict.fromkeys(pattern.findall(text)))
            if found:
                brought[name] = found[min(codes.index(code), len(found) - 1)]
        return brought


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
    if LOCK not in doors:
        raise declared.error(f"[doors] lacks {LOCK!r}, which every vendor knows")
    message = declared.table("message", ("code", "extras"))
    server = declared.table("server", ("credentials",))
    codes = declared.table("codes", ("final", "made"))
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
    )


def _pattern(declared: Declaration, table: Fields, key: str) -> re.Pattern[str]:
    text = declared.text(table, key, "message")
    try:
        return re.compile(text)
    except re.error as error:
        raise declared.error(f"[message] {key} is no pattern: {error}") from None
